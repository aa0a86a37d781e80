/** Codes with which the operators' door closes a socket. */
export const CloseCode = {
  restarting: 1012,
  overloaded: 1013,
  /** The session is over, or the venue deleted. */
  credentialDead: 4401,
} as const;
