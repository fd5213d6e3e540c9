/*
 * What a child process runs: the one job that it is sent.
 */
import { JOBS, type JobName, type Jobs } from "./jobs.js";

interface Order<Name extends JobName> {
  readonly name: Name;
  readonly options: Jobs[Name]["options"];
}

process.once("message", <Name extends JobName>({ name, options }: Order<Name>) => {
  JOBS[name](options).then(
    (result) => process.send?.({ result }, () => process.disconnect()),
    (error: Error) => process.send?.({ error: error.stack }, () => process.disconnect()),
  );
});
