// wingman:allow github-token old one
const key = "{{secret:github}}";
