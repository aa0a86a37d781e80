/** Close codes of the devices' door, as the contract lists them. */
export const CloseCode = {
  binaryFrame: 1003,
  policy: 1008,
  restarting: 1012,
  overloaded: 1013,
  credentialDead: 4401,
  rate: 4429,
} as const;
