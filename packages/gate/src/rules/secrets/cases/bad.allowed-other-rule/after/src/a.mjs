const a = 1;
const key = "{{secret:github}}"; // wingman:allow npm-token key of a closed account
