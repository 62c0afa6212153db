/** Cases of rows/databases.ts. */
import { casesOf, type FamilyCases } from "./row-cases.ts";

export const DATABASES_CASES: FamilyCases = casesOf({
  "supabase-token": { bad: ["sbp_<h40>"], ok: ["sbp_<h6>"] },
  "supabase-secret-key": { bad: ["sb_secret_<w22>_<w8>"], ok: ["sb_secret_<w4>"] },
  "neon-key": { bad: ["napi_<a64>"], ok: ["napi_<a4>"] },
  "planetscale-token": { bad: ["pscale_tkn_<u43>"], ok: ["pscale_tkn_x"] },
  "mongodb-atlas-secret": { bad: ["mdb_sa_sk_<u40>"], ok: ["mdb_sa_sk_x"] },
  "mongodb-atlas-key": { bad: ["MONGODB_ATLAS_PRIVATE_KEY=<uuid>"], ok: ["mongodb: x"] },
  "aiven-password": { bad: ["AVNS_<u19>"], ok: ["AVNS_x"] },
  "aiven-token": { bad: ["AIVEN_TOKEN=<p300>"], ok: ["aiven: x"] },
  "cockroach-key": { bad: ["CCDB1_<w22>_<w40>"], ok: ["CCDB1_x"] },
  "confluent-secret": { bad: ["cflt<p60>"], ok: ["cflt<p4>"] },
  "confluent-former-secret": { bad: ["CONFLUENT_API_SECRET=<p64>"], ok: ["kafka: x"] },
  "clickhouse-secret": { bad: ["4b1d<w38>"], ok: ["4b1d<w4>"] },
  "elastic-key": { bad: ["essu_<p80>"], ok: ["essu_x"] },
  "algolia-key": { bad: ["ALGOLIA_ADMIN_KEY=<h32>"], ok: ["ALGOLIA_APP=<A10>"] },
  "influxdb-token": { bad: ["INFLUXDB_TOKEN=<u86>=="], ok: ["influx: x"] },
  "fauna-secret": { bad: ["fnAE<u38>"], ok: ["fnAEx"] },
  "databricks-token": { bad: ["dapi<h32>-2"], ok: ["dapi<h4>"] },
  "snowflake-password": { bad: ["SNOWFLAKE_PASSWORD=<w14>"], ok: ["SNOWFLAKE_PASSWORD=${PW}"] },
  "turso-token": { bad: ["TURSO_AUTH_TOKEN=eyJ<u24>.eyJ<u60>.<u86>"], ok: ["turso: x"] },
  "upstash-token": { bad: ["UPSTASH_REDIS_REST_TOKEN=<w56>"], ok: ["upstash: x"] },
  "meilisearch-key": { bad: ["MEILI_MASTER_KEY=<w43>"], ok: ["meili: x"] },
});
