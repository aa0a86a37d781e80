/** Codes with which the operators' door closes a socket. */
export const CloseCode = {
  /** It said something that a viewer has no reason to say. */
  policy: 1008,
  restarting: 1012,
  overloaded: 1013,
  /** The session is over, or the venue deleted. */
  credentialDead: 4401,
} as const;
