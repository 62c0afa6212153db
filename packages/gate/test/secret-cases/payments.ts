/** Cases of rows/payments.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const PAYMENTS_CASES: FamilyCases = casesOf({
  "stripe-live-key": { bad: ["sk_live_<w24>"], ok: ["sk_live_<w5>"] },
  "stripe-test-key": { bad: ["sk_test_<w24>"], ok: ["sk_test_<w5>"] },
  "stripe-organization-key": { bad: ["sk_org_<w90>"], ok: ["sk_org_x"] },
  "stripe-webhook-secret": { bad: ["whsec_<w32>"], ok: ["whsec_x"] },
  "square-secret": { bad: ["sq0csp-<u43>"], ok: ["sq0csp-x"] },
  "square-access-token": { bad: ["EAAA<u60>"], ok: ["EAAA<u9>"] },
  "paypal-braintree-token": {
    bad: ["access_token$production$<a16>$<h32>"],
    ok: ["access_token$production"],
  },
  "paypal-secret": { bad: ["PAYPAL_CLIENT_SECRET=E<u79>"], ok: ["paypal: x"] },
  "adyen-key": { bad: ["AQEy<p70>-<p43>=-<w16>"], ok: ["AQEy"] },
  "razorpay-key": { bad: ["rzp_live_<w14>"], ok: ["rzp_live_x"] },
  "plaid-token": { bad: ["access-production-<uuid>"], ok: ["access-production-x"] },
  "plaid-secret": { bad: ["PLAID_SECRET=<h30>"], ok: ["PLAID_ENV=x"] },
  "flutterwave-key": { bad: ["FLWSECK-<h32>-X"], ok: ["FLWSECK-x"] },
  "mollie-key": { bad: ["MOLLIE_API_KEY=live_<w30>"], ok: ["mollie: live"] },
  "gocardless-token": { bad: ["GOCARDLESS_ACCESS_TOKEN=live_<u40>"], ok: ["gocardless: live"] },
  "paddle-key": { bad: ["pdl_live_apikey_<a26>_<w22>_<w3>"], ok: ["pdl_live_apikey_x"] },
  "polar-token": { bad: ["polar_oat_<w43>"], ok: ["polar_chart"] },
  "easypost-key": { bad: ["EZAK<w54>"], ok: ["EZAK<w4>"] },
  "shippo-token": { bad: ["shippo_live_<h40>"], ok: ["shippo_live_x"] },
  "lob-key": { bad: ["live_<h35>"], ok: ["live_<h9>"] },
  "duffel-token": { bad: ["duffel_live_<u43>"], ok: ["duffel_live_x"] },
  "xendit-key": { bad: ["xnd_production_<w60>"], ok: ["xnd_production_x"] },
  "shopify-token": { bad: ["shpat_<h32>"], ok: ["shpat_<h8>"] },
  "coinbase-secret": { bad: ["COINBASE_API_SECRET=<w64>"], ok: ["coinbase: x"] },
  "binance-secret": { bad: ["BINANCE_API_SECRET=<w64>"], ok: ["binance: x"] },
  "ethereum-private-key": { bad: ["PRIVATE_KEY=0x<h64>"], ok: ["PRIVATE_KEY=0x<h8>"] },
});
