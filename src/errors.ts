import type { Problem } from './generated';

/** An answer that was not the one asked for, with what to do about it. */
export class SmextApiError extends Error {
  constructor(
    readonly problem: Problem,
    readonly status: number
  ) {
    super(problem.message);
    this.name = 'SmextApiError';
  }

  /** Nobody knows what became of the request: it may have been carried out. */
  get unanswered(): boolean {
    return this.status === 0 || (this.status >= 502 && this.status <= 504);
  }
}

/** The routes are not there: the server half is not installed or not enabled. */
export class ServerHalfMissing extends SmextApiError {}

/** The problem inside whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof SmextApiError) {
    return error.problem;
  }
  return plainProblem(error instanceof Error ? error.message : String(error));
}

/** A problem of which no more is known than its text. */
export function plainProblem(message: string, advice = ''): Problem {
  return {
    code: 'failed',
    message,
    advice,
    permission: null,
    field: null,
    cause: null,
    since: null
  };
}

/** Message and advice as one text, for a notification. */
export function problemText(problem: Problem): string {
  return [problem.message, problem.advice].filter(Boolean).join(' ');
}
