/** Cases of rows/mail.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const MAIL_CASES: FamilyCases = casesOf({
  "sendgrid-key": { bad: ["SG.<u22>.<u43>"], ok: ["SG.<w5>"] },
  "mailgun-key": { bad: ["key-<h32>"], ok: ["key-<h8>"] },
  "mailgun-signing-key": { bad: ["MAILGUN_API_KEY=<h32>-<h8>-<h8>"], ok: ["mailgun <h32>"] },
  "mailchimp-key": { bad: ["<h32>-us12"], ok: ["<h8>-us12"] },
  "mandrill-key": { bad: ["mandrill: md-<u22>"], ok: ["mandrill md-icon"] },
  "postmark-token": { bad: ["POSTMARK_API_TOKEN=<uuid>"], ok: ["postmark: x"] },
  "brevo-key": { bad: ["xkeysib-<h64>-<w16>"], ok: ["xkeysib-x"] },
  "resend-key": { bad: ["re_<w8>_<w24>"], ok: ["re_export"] },
  "mailersend-token": { bad: ["mlsn.<h64>"], ok: ["mlsn.x"] },
  "sparkpost-key": { bad: ["SPARKPOST_API_KEY=<h40>"], ok: ["sparkpost: x"] },
  "mailjet-key": { bad: ["MAILJET_SECRET_KEY=<h32>"], ok: ["mailjet: x"] },
  "klaviyo-key": { bad: ["pk_<h34>"], ok: ["pk_<h6>"] },
  "ses-smtp-password": { bad: ["SES_SMTP_PASSWORD=BA<p42>"], ok: ["smtp BASE"] },
  "hubspot-token": { bad: ["pat-na1-<uuid>"], ok: ["pat-na1-x"] },
  "customerio-key": { bad: ["CUSTOMERIO_API_KEY=<h32>"], ok: ["customerio: x"] },
});
