/** An account or a team of a Git host's, as its `CODEOWNERS` names it: `@acme/team-blue`. */
export const codeOwner = /^@[\w.-]+(\/[\w.-]+)*$/;
