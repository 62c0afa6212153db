const a = 1;
const key = "{{secret:github}}"; // wingman:allow github-token
