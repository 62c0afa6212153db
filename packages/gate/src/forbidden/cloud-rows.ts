/** What a worker may not be told to do to a cloud: destroy, open, or take keys. */
import {
  begins,
  type ForbiddenAction,
  has,
  hasLong,
  hasShort,
  isRehearsal,
  operands,
} from "./row.ts";

const AWS_VALUED = /^--(?:profile|region|endpoint-url|output|query|cli-\S+|ca-bundle)$/;
/** Whole resources; `delete-object` and `delete-message` are daily work. */
const AWS_DESTROYS =
  /^(?:terminate-\S+|schedule-key-deletion|disable-key|stop-logging|purge-queue|deregister-image|delete-(?:bucket\S*|db-\S+|global-\S+|table|stack\S*|cluster\S*|hosted-zone|trail|repository|function|role\S*|user\S*|group|policy|vpc\S*|subnet|volume|snapshot|file-system|domain\S*|backup\S*|recovery-point|key\S*|secret|log-group|stream|user-pool|distribution|environment|application|vault|nodegroup|load-balancer|replication-group|cache-cluster|rest-api|organization|certificate|server|queue|topic|account\S*|security-group|nat-gateway|internet-gateway|service|workspace|alias|detector|flow-logs|configuration-recorder))$/;

export const CLOUD_ROWS: readonly ForbiddenAction[] = [
  {
    id: "infra-destroy",
    why: "it takes down everything that the state file knows",
    help: "remove the one resource from the configuration and apply that plan",
    names: [
      "terraform",
      "tofu",
      "pulumi",
      "terragrunt",
      "cdk",
      "serverless",
      "sls",
      "sam",
      "cdktf",
      "crossplane",
    ],
    command: ({ name, args }) => {
      const words = operands(args, /^(?:-C|--cwd|-s|--stack|--app|-a)$/);
      if (/^(?:terraform|tofu|terragrunt|cdktf)$/.test(name)) {
        if (isRehearsal(args) || begins(words, "plan")) return false;
        if (words.includes("destroy") || has(args, /^--?destroy(?:=true)?$/)) return true;
        return (
          begins(words, "state", /^(?:rm|push|replace-provider)$/) ||
          begins(words, "workspace", "delete") ||
          begins(words, "force-unlock") ||
          has(args, /^-lock=false$/)
        );
      }
      if (name === "pulumi")
        return (
          begins(words, /^(?:destroy|down|dn)$/) ||
          begins(words, "stack", "rm") ||
          begins(words, "state", "delete")
        );
      if (name === "cdk") return begins(words, "destroy");
      if (name === "serverless" || name === "sls") return begins(words, "remove");
      return name === "sam" && begins(words, "delete");
    },
    bad: [
      "terraform destroy",
      "terraform -chdir=a destroy -auto-approve",
      "tofu apply -destroy",
      "terraform apply --destroy -auto-approve",
      "terragrunt run-all destroy",
      "terraform state rm aws_db_instance.main",
      "terraform force-unlock 1",
      "terraform apply -lock=false",
      "pulumi destroy --yes",
      "pulumi stack rm prd --force",
      "cdk destroy --all",
      "TF=terraform; $TF destroy",
      "docker run hashicorp/terraform terraform destroy",
    ],
    ok: [
      "terraform plan -destroy",
      "terraform apply",
      "tofu state list",
      "pulumi preview",
      "cdk diff",
      "terraform plan -lock=false -help",
    ],
  },
  {
    id: "aws-destroy",
    why: "it deletes a resource with what is in it, and often with its backups",
    help: "change the configuration that made it, and let that be reviewed",
    names: ["aws", "awslocal", "s3cmd", "eb", "copilot"],
    command: ({ name, args }) => {
      if (isRehearsal(args)) return false;
      const words = operands(args, AWS_VALUED);
      if (name === "s3cmd")
        return (
          begins(words, "rb") ||
          (begins(words, /^(?:del|rm)$/) && (hasShort(args, "r") || hasLong(args, "recursive")))
        );
      if (name === "eb") return begins(words, "terminate");
      if (name !== "aws") return false;
      if (begins(words, "s3", "rb")) return true;
      if (begins(words, "s3", "rm")) return has(args, /^--recursive$/);
      return AWS_DESTROYS.test((words[1] ?? "").toLowerCase());
    },
    bad: [
      "aws s3 rb s3://shop --force",
      "aws s3 rm s3://shop --recursive",
      "aws --profile prd --region eu-west-1 s3 rm --recursive s3://shop",
      "aws ec2 terminate-instances --instance-ids i-1",
      "aws rds delete-db-instance --db-instance-identifier shop --skip-final-snapshot",
      "aws dynamodb delete-table --table-name a",
      "aws cloudformation delete-stack --stack-name a",
      "aws kms schedule-key-deletion --key-id a",
      "aws cloudtrail stop-logging --name a",
      "aws iam delete-role --role-name a",
      "aws secretsmanager delete-secret --secret-id a",
      "AWS_PROFILE=prd aws s3api delete-bucket --bucket a",
      "eb terminate shop",
    ],
    ok: [
      "aws s3 ls",
      "aws s3 rm s3://shop/a.txt",
      "aws s3 rm s3://shop --recursive --dryrun",
      "aws s3 cp a s3://shop/a",
      "aws sqs delete-message --queue-url a",
      "aws ec2 describe-instances",
      "aws s3api delete-object --bucket a --key b",
    ],
  },
  {
    id: "cloud-destroy",
    why: "it deletes a resource with what is in it",
    help: "change the configuration that made it, and let that be reviewed",
    names: [
      "gcloud",
      "gsutil",
      "bq",
      "az",
      "doctl",
      "hcloud",
      "linode-cli",
      "flyctl",
      "fly",
      "vercel",
      "netlify",
      "firebase",
      "wrangler",
      "railway",
      "oci",
      "ibmcloud",
      "scw",
      "vault",
      "consul",
    ],
    command: ({ name, args }) => {
      if (isRehearsal(args)) return false;
      const words = operands(
        args,
        /^(?:-g|-n|--project|--zone|--region|--resource-group|--name|--subscription|--account|-a|--app|-o|--output)$/,
      ).map((word) => word.toLowerCase());
      if (name === "gcloud")
        return (
          (words[0] === "storage" &&
            words[1] === "rm" &&
            (hasShort(args, "rR") || hasLong(args, "recursive"))) ||
          words.slice(1, 6).includes("delete")
        );
      if (name === "gsutil")
        return (
          words.includes("rb") ||
          (words.includes("rm") && (hasShort(args, "rR") || has(args, /\/\*\*?$/)))
        );
      if (name === "bq")
        return words[0] === "rm" && (hasShort(args, "rf") || hasLong(args, "force"));
      if (/^(?:az|doctl|hcloud|linode-cli|oci|ibmcloud|scw)$/.test(name))
        return words
          .slice(1, 6)
          .some((word) => /^(?:delete|purge|destroy|terminate|delete-batch)$/.test(word));
      if (/^(?:flyctl|fly|vercel|netlify|firebase|railway|wrangler)$/.test(name))
        return words
          .slice(0, 3)
          .some((word) =>
            /^(?:destroy|delete|remove|rm|sites:delete|firestore:delete|database:remove|projects?:delete|hosting:disable|down)$/.test(
              word,
            ),
          );
      if (name === "vault")
        return (
          begins(words, /^(?:secrets|auth)$/, "disable") ||
          begins(words, "kv", /^(?:destroy|metadata)$/) ||
          begins(words, "operator", /^(?:seal|rekey)$/)
        );
      return name === "consul" && begins(words, "kv", "delete") && has(args, /^-recurse$/);
    },
    bad: [
      "gcloud projects delete shop",
      "gcloud --project shop compute instances delete web --quiet",
      "gcloud sql instances delete shop",
      "gcloud storage rm -r gs://shop",
      "gsutil -m rm -r gs://shop",
      "bq rm -r -f shop",
      "az group delete --name shop --yes",
      "az vm delete -g shop -n web",
      "az keyvault purge --name a",
      "doctl databases delete 1",
      "fly apps destroy shop",
      "vercel remove shop --yes",
      "firebase firestore:delete --all-collections",
      "vault secrets disable kv",
    ],
    ok: [
      "gcloud compute instances list",
      "az vm list",
      "az group show -n a",
      "gsutil cp a gs://shop",
      "gcloud storage rm gs://shop/a.txt",
      "vercel deploy",
      "vault kv get a",
    ],
  },
  {
    id: "cloud-rights",
    why: "it hands out keys, or every right there is",
    help: "ask an administrator of the account",
    names: ["aws", "gcloud", "az", "kubectl", "oc"],
    command: ({ name, args }) => {
      const words = operands(args, AWS_VALUED);
      if (name === "aws")
        return (
          /^(?:create-access-key|create-login-profile|update-assume-role-policy)$/.test(
            words[1] ?? "",
          ) ||
          (/^attach-\w+-policy$/.test(words[1] ?? "") &&
            has(args, /AdministratorAccess|IAMFullAccess|PowerUserAccess/)) ||
          has(args, /^(?:public-read(?:-write)?)$/) ||
          (words[1] === "delete-public-access-block" && words[0] === "s3api")
        );
      if (name === "gcloud")
        return (
          (words.includes("add-iam-policy-binding") &&
            has(args, /roles\/(?:owner|editor|iam\.\w+)$|^allUsers$|=allUsers$/)) ||
          (words.includes("keys") && words.includes("create"))
        );
      if (name === "az")
        return (
          (begins(words, "role", "assignment", "create") &&
            has(args, /^(?:Owner|Contributor|User Access Administrator)$/i)) ||
          begins(words, "ad", "sp", "create-for-rbac")
        );
      return (
        begins(words, "create", /^(?:clusterrolebinding|rolebinding)$/) &&
        has(args, /cluster-admin/)
      );
    },
    bad: [
      "aws iam create-access-key --user-name a",
      "aws iam attach-role-policy --role-name a --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
      "aws s3api put-bucket-acl --bucket a --acl public-read",
      "gcloud projects add-iam-policy-binding shop --member=a --role=roles/owner",
      "gcloud iam service-accounts keys create k.json --iam-account a",
      "az ad sp create-for-rbac --role Owner",
      "kubectl create clusterrolebinding a --clusterrole=cluster-admin --user=b",
    ],
    ok: [
      "aws iam list-users",
      "aws sts get-caller-identity",
      "kubectl create configmap a",
      "az role assignment list",
      "aws iam attach-role-policy --role-name a --policy-arn arn:aws:iam::1:policy/shop",
    ],
  },
  {
    id: "publish",
    why: "what is published is everybody's at once, and cannot be taken back",
    help: "leave publishing to the release workflow; --dry-run shows what would go out",
    names: [
      "npm",
      "pnpm",
      "yarn",
      "bun",
      "twine",
      "poetry",
      "uv",
      "cargo",
      "gem",
      "mvn",
      "gradle",
      "gradlew",
      "dotnet",
      "nuget",
      "python",
      "python3",
      "flit",
      "hatch",
      "pypi",
      "lerna",
      "changeset",
      "goreleaser",
      "vsce",
      "ovsx",
    ],
    everyName: true,
    command: ({ name, args }) => {
      if (isRehearsal(args)) return false;
      const words = operands(
        args,
        /^(?:-C|--dir|-w|--workspace|--filter|-F|--prefix|--tag|--registry|--repository|--config|-p|--project)$/,
      );
      if (/^(?:npm|pnpm|yarn|bun)$/.test(name))
        return (
          begins(words, /^(?:publish|unpublish|deprecate)$/) ||
          begins(words, "npm", "publish") ||
          begins(words, /^(?:owner|author)$/, /^(?:add|rm)$/) ||
          begins(words, "token", "create") ||
          begins(words, "access", /^(?:grant|public|set)$/)
        );
      if (/^python[\d.]*$/.test(name))
        return has(args, /^-m$/) && has(args, /^twine$/) && has(args, /^upload$/);
      if (name === "twine") return begins(words, "upload");
      if (name === "cargo") return begins(words, /^(?:publish|yank|owner)$/);
      if (name === "gem") return begins(words, /^(?:push|yank|owner)$/);
      if (/^(?:mvn|mvnw)$/.test(name))
        return words.some((word) => /^(?:deploy|release:perform)$/.test(word));
      if (/^gradlew?$/.test(name))
        return words.some((word) =>
          /^:?(?:\w+:)*publish(?:ToMavenCentral|Plugins|AllPublications\w*)?$/.test(word),
        );
      if (/^(?:dotnet|nuget)$/.test(name))
        return words.includes("push") && (name === "nuget" || words[0] === "nuget");
      if (/^(?:semantic-release|goreleaser)$/.test(name))
        return (
          (name === "semantic-release" && args.every((arg) => arg.startsWith("-"))) ||
          (begins(words, "release") && !has(args, /^--(?:snapshot|skip=.*publish.*)$/))
        );
      return (
        /^(?:poetry|uv|flit|hatch|lerna|changeset|vsce|ovsx)$/.test(name) &&
        begins(words, "publish")
      );
    },
    bad: [
      "npm publish",
      "npm publish --access public",
      "npm --prefix packages/a publish",
      "pnpm -r publish",
      "yarn npm publish",
      "npm unpublish shop@1.0.0",
      "twine upload dist/*",
      "python -m twine upload dist/*",
      "poetry publish --build",
      "uv publish",
      "cargo publish",
      "gem push a.gem",
      "mvn -B deploy",
      "npm owner add eve shop",
      "env NPM_CONFIG_PROVENANCE=true npm publish",
    ],
    ok: [
      "npm publish --dry-run",
      "npm pack",
      "npm install",
      "cargo build",
      "poetry build",
      "npm run publish-docs",
      "mvn verify",
      "gradle publishToMavenLocal",
      "twine check dist/*",
    ],
  },
];
