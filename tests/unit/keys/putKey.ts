// A process of its own that puts a key into a file store: `putKey.ts <folder> <name>` prints the winner's recipient.
import { makeKeyPair } from "../../../infra/keys/age";
import { keyFiles } from "../../../infra/keys/form";
import { FileStore } from "../../../infra/keys/fileStore";

async function main(): Promise<void> {
  const [folder = "", name = ""] = process.argv.slice(2);
  const store = new FileStore({ kind: "file", folder }, keyFiles);
  const key = await makeKeyPair();
  process.stdout.write("ready\n");
  const winner = await store.putIfAbsent(name, key);
  process.stdout.write(`${winner.recipient}\n`);
}

void main();
