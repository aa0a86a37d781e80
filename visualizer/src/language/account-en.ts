/** Words about one's own account. */
export const accountEn = {
  title: "Your account",
  signedInAs: (name: string) => `Signed in as ${name}`,
  owner: "You are the owner of this machine",
  ownerDetail:
    "You signed in with the operator token, which has every right and no account: there is no password to change here, and no second factor. npm run accounts makes accounts.",
  roles: "Your roles",
  noRoles: "You have no role in any venue.",

  password: "Password",
  passwordHint: "A new one ends your sessions in all other browsers.",
  noPassword:
    "Your account has no password: you sign in by your organisation’s sign-in service, which has passwords and codes of its own.",
  current: "Current password",
  chosen: "New password",
  chosenHint: "At least 12 characters.",
  change: "Change password",
  changed: "The password is changed. All other sessions of yours have ended.",
  wrongCurrent: "This is not your current password.",

  factor: "Second factor",
  factorHint:
    "An authenticator on your telephone shows a new code every half minute. Whoever signs in with your password is then asked for it.",
  factorOn: "It is set up: a code is asked for when you sign in.",
  factorOff: "It is not set up: your password alone lets you in.",
  setUp: "Set up",
  scan: "Scan this with your authenticator, or enter the secret there.",
  picture: "QR code of the secret, for an authenticator",
  secret: "Secret",
  openLink: "Open in an authenticator on this device",
  code: "Code",
  codeHint: "The six digits that the authenticator shows.",
  confirm: "Confirm",
  confirmed: "The second factor is set up. Keep the authenticator: without it an administrator has to help you.",
  codeTrouble: "Enter six digits.",
  wrongCode: "The code is wrong, or was used already. Wait for the next one.",
  offerOver: "This secret is too old: set up the second factor again.",
  removeHint: "To remove it, enter a last code.",
  remove: "Remove the second factor",
  removed: "The second factor is removed.",
};

export type AccountTexts = typeof accountEn;
