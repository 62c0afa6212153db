/** Cases of rows/identity.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const IDENTITY_CASES: FamilyCases = casesOf({
  "vault-service-token": { bad: ["hvs.<u91>"], ok: ["hvs.x"] },
  "vault-former-token": { bad: ["VAULT_TOKEN=s.<w24>"], ok: ["VAULT_ADDR=s.acme"] },
  "vault-unseal-key": { bad: ["Unseal Key 1: <p44>"], ok: ["vault operator unseal"] },
  "terraform-token": { bad: ["<w14>.atlasv1.<u67>"], ok: ["<w14>.atlasv1.x"] },
  "consul-token": { bad: ["CONSUL_HTTP_TOKEN=<uuid>"], ok: ["consul: x"] },
  "doppler-token": { bad: ["dp.pt.<w43>"], ok: ["dp.pt.x"] },
  "infisical-token": { bad: ["st.<h24>.<h32>.<h32>"], ok: ["st.x"] },
  "1password-service-account": { bad: ["ops_eyJ<w300>"], ok: ["ops_eyJx"] },
  "1password-secret-key": { bad: ["A3-<A6>-<A6>-<A5>-<A5>-<A5>-<A5>"], ok: ["A3-x"] },
  "okta-token": { bad: ["OKTA_API_TOKEN=00<u40>"], ok: ["okta: x"] },
  "auth0-secret": { bad: ["AUTH0_CLIENT_SECRET=<u64>"], ok: ["auth0: x"] },
  "clerk-key": { bad: ["CLERK_SECRET_KEY=sk_live_<w42>"], ok: ["clerk: x"] },
  "stytch-secret": { bad: ["secret-live-<u36>"], ok: ["secret-live-x"] },
  "bitwarden-token": { bad: ["BWS_ACCESS_TOKEN=0.<uuid>.<w30>:<p22>=="], ok: ["BWS_SERVER_URL=x"] },
  "tailscale-key": { bad: ["tskey-auth-<w12>-<w32>"], ok: ["tskey-auth-x"] },
  "ngrok-token": { bad: ["NGROK_AUTHTOKEN=2<w24>_<w20>"], ok: ["ngrok: x"] },
  "cloudflare-tunnel-token": { bad: ["eyJhIjoi<w170>"], ok: ["eyJhIjoix"] },
  "docker-swarm-token": { bad: ["SWMTKN-1-<a50>-<a25>"], ok: ["SWMTKN-1-x"] },
  "rancher-token": { bad: ["token-<a5>:<a54>"], ok: ["token-<a5>:x"] },
  "openshift-token": { bad: ["sha256~<u43>"], ok: ["sha256~x"] },
  "kubernetes-bootstrap-token": {
    bad: ["kubeadm join --token <k6>.<k16>"],
    ok: ["kubeadm join <k6>.<k4>"],
  },
  "kubeconfig-key": {
    bad: ["client-key-data: LS0tLS1CRUdJTi<p200>"],
    ok: ["client-key-data: <p20>"],
  },
  "teleport-token": { bad: ["TELEPORT_TOKEN=<h32>"], ok: ["teleport: x"] },
  "pulumi-token": { bad: ["pul-<h40>"], ok: ["pul-x"] },
  "age-secret-key": { bad: ["AGE-SECRET-KEY-1<G58>"], ok: ["AGE-SECRET-KEY-1<A6>"] },
  "authress-key": { bad: ["sc_<a10>.<a4>.acc-<a12>.<w60>"], ok: ["sc_x.acc-x"] },
  "nats-seed": { bad: ["<nkey>"], ok: ["SUA<B55>"] },
  "wireguard-key": { bad: ["PrivateKey = <p42>A="], ok: ["PrivateKey = <p20>="] },
});
