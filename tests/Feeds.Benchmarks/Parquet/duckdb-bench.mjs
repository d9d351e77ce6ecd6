// DuckDB at the other end of a pipe: one command a line in, one line of JSON out.
//   node duckdb-bench.mjs <folder with node_modules>
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const { DuckDBInstance } = createRequire(join(process.argv[2], 'package.json'))('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();

for await (const line of createInterface({ input: process.stdin })) {
  const start = performance.now();
  let answer;
  try {
    const result = await connection.runAndReadAll(line);
    answer = { ms: performance.now() - start, row: result.getRowsJson()[0] ?? [] };
  } catch (error) {
    answer = { ms: -1, row: [String(error)] };
  }
  console.log(JSON.stringify(answer));
}
