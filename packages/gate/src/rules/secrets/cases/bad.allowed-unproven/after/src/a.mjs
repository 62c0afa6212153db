const a = 1;
const key = "{{secret:github}}"; // wingman:allow github-token key of a closed account
