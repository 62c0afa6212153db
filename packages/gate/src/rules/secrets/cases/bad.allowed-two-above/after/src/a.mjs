// wingman:allow github-token old one
const a = 1;
const key = "{{secret:github}}";
