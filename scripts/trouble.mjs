/**
 * Something a person must put right: its message is one line that says what is wrong and what to do.
 * Entry points print it without a stack and exit 1; any other error is a fault of the program.
 */
export class Trouble extends Error {
  name = "Trouble";
}

/**
 * Runs an entry point: a {@link Trouble} becomes its one line on stderr and exit code 1.
 * @param {() => Promise<number | void>} main what to run; the number it resolves to is the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
