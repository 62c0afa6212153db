/** Cases of rows/chat.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const CHAT_CASES: FamilyCases = casesOf({
  "slack-bot-token": { bad: ["xoxb-<d12>-<d13>-<w24>"], ok: ["xoxb-<w5>"] },
  "slack-user-token": { bad: ["xoxp-<d12>-<d12>-<d12>-<h32>"], ok: ["xoxp-x"] },
  "slack-other-token": { bad: ["xoxs-<d12>-<d12>-<d12>-<h10>"], ok: ["xoxs-x"] },
  "slack-app-token": { bad: ["xapp-1-A<A10>-<d13>-<h64>"], ok: ["xapp-1-x"] },
  "slack-webhook": {
    bad: ["https://hooks.slack.com/services/T<A9>/B<A9>/<w24>"],
    ok: ["https://hooks.slack.com/services/"],
  },
  "discord-webhook": {
    bad: ["https://discord.com/api/webhooks/<d18>/<u68>"],
    ok: ["discord.com/api/webhooks/123"],
  },
  "discord-bot-token": { bad: ["discord <discord>.<u6>.<u38>"], ok: ["discord M<u22>.<u6>.<u5>"] },
  "discord-client-secret": { bad: ["DISCORD_CLIENT_SECRET=<u32>"], ok: ["discord: x"] },
  "teams-webhook": {
    bad: ["https://acme.webhook.office.com/webhookb2/<uuid>@<uuid>/IncomingWebhook/<h32>/<uuid>"],
    ok: ["https://acme.webhook.office.com/webhookb2/x"],
  },
  "telegram-bot-token": {
    bad: ["token: <d10>:AA<w33>"],
    ok: ["<d6>:AA<w33>", "<d10>:AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
  },
  "telegram-former-token": {
    bad: ["telegram_token=<d9>:B<w34>"],
    ok: ["telegram_token=<d5>:<w35>"],
  },
  "twilio-api-key": { bad: ["twilio SK<h32>"], ok: ["twilio SK<h5>"] },
  "twilio-auth-token": { bad: ["TWILIO_AUTH_TOKEN=<h32>"], ok: ["TWILIO_ACCOUNT_SID=AC<h32>"] },
  "vonage-secret": { bad: ["NEXMO_API_SECRET=<w16>"], ok: ["nexmo: x"] },
  "zoom-secret": { bad: ["ZOOM_CLIENT_SECRET=<w32>"], ok: ["zoom: 4"] },
  "facebook-token": { bad: ["EAA<w150>"], ok: ["EAA<w20>"] },
  "facebook-page-token": { bad: ["EAACEdEose0cBA<w60>"], ok: ["EAACEdEose0cBA"] },
  "facebook-secret": { bad: ["FACEBOOK_SECRET=<h32>"], ok: ["facebook: x"] },
  "facebook-app-token": {
    bad: ["graph.facebook.com?access_token=<d15>|<u27>"],
    ok: ["facebook <d15>|x"],
  },
  "instagram-token": { bad: ["IGQV<u160>"], ok: ["IGQVx"] },
  "twitter-bearer-token": {
    bad: ["AAAAAAAAAAAAAAAAAAAAAA<w10>%2B<w30>%3D<w40>"],
    ok: ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
  },
  "twitter-secret": { bad: ["TWITTER_CONSUMER_SECRET=<w44>"], ok: ["twitter: x"] },
  "twitter-access-token": {
    bad: ["twitter_access_token=<d18>-<w30>"],
    ok: ["twitter_access_token=<d5>-<w30>"],
  },
  "linkedin-secret": { bad: ["LINKEDIN_SECRET=<w16>"], ok: ["linkedin: x"] },
  "twitch-secret": { bad: ["TWITCH_CLIENT_SECRET=<a30>"], ok: ["twitch: x"] },
  "line-token": { bad: ["LINE_CHANNEL_SECRET=<h32>"], ok: ["line_token: x"] },
  "vk-token": { bad: ["vk1.a.<u198>"], ok: ["vk1.a.x"] },
  "google-chat-webhook": {
    bad: ["https://chat.googleapis.com/v1/spaces/<w11>/messages?key=<u39>&token=<u43>"],
    ok: ["https://chat.googleapis.com/v1/spaces/x"],
  },
  "lark-webhook": {
    bad: ["https://open.feishu.cn/open-apis/bot/v2/hook/<uuid>"],
    ok: ["open.feishu.cn/open-apis/bot/v2/hook/"],
  },
  "dingtalk-webhook": {
    bad: ["https://oapi.dingtalk.com/robot/send?access_token=<h64>"],
    ok: ["https://oapi.dingtalk.com/robot/send?access_token=x"],
  },
  "wecom-webhook": {
    bad: ["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<uuid>"],
    ok: ["qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x"],
  },
  "zapier-webhook": {
    bad: ["https://hooks.zapier.com/hooks/catch/<d7>/<a7>/"],
    ok: ["https://hooks.zapier.com/hooks/catch/"],
  },
  "webex-token": { bad: ["WEBEX_TOKEN=<w64>_<w4>_<uuid>"], ok: ["webex: x"] },
  "mattermost-token": { bad: ["MATTERMOST_TOKEN=<a26>"], ok: ["mattermost: x"] },
  "intercom-token": { bad: ["intercom: dG9rOm<w52>="], ok: ["dG9rOmx"] },
  "zendesk-token": { bad: ["ZENDESK_API_TOKEN=<w40>"], ok: ["zendesk: x"] },
});
