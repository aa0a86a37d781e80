/** Codes of errors: what programs may rely on. */
export type ErrorCode =
  | "bad_request"
  | "unauthorized"
  | "code_needed"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "too_large"
  | "unsupported_media_type"
  | "too_many_attempts"
  | "upgrade_required"
  | "busy"
  | "unavailable"
  | "internal";

/** A reason not to do what was asked. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message says what to do */
  constructor(status: number, code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "bad_request", message);
}

export function notFound(message: string): ApiError {
  return new ApiError(404, "not_found", message);
}

/** What the venue of a path that leads to none is answered with. */
export function noVenue(venueId: string): ApiError {
  return notFound(`there is no venue ${JSON.stringify(venueId)}: create it with PUT /v1/venues/{venue}`);
}

/** Seconds after which a client may try again. */
const RETRY_AFTER_S = "2";

export function unavailable(): ApiError {
  return new ApiError(503, "unavailable", "the store does not answer: try again in a moment", {
    "retry-after": RETRY_AFTER_S,
  });
}

export function busy(): ApiError {
  return new ApiError(503, "busy", "too many searches are waiting: try again in a moment", {
    "retry-after": RETRY_AFTER_S,
  });
}
