// Supervises the file of the first argument with the options of Node.js that follow, and tells its own parent every event.
import { supervise } from '../../dist/extension/index.js';

const [, , file, ...execArgv] = process.argv;
supervise(file, {
  watch: false,
  output: 'ignore',
  execArgv,
  onEvent: ({ type, pid, restartInMs }) => process.send?.({ type, pid, restartInMs }),
});
