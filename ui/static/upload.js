/** The files of what was dropped, those in folders too; hidden ones are left out. */
export async function dropped(transfer) {
  // Entries have to be taken before anything is awaited.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const files = [];
  for (const entry of entries) await walk(entry, files);
  return files;
}

async function walk(entry, files) {
  if (entry.name.startsWith(".")) return;
  if (entry.isFile) files.push(await new Promise((good, bad) => entry.file(good, bad)));
  if (!entry.isDirectory) return;
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((good, bad) => reader.readEntries(good, bad));
    if (!some.length) return;
    for (const inner of some) await walk(inner, files);
  }
}

/** A form with files as the server takes them. */
export function form(files) {
  const made = new FormData();
  for (const file of files) if (!file.name.startsWith(".")) made.append("files", file, file.name);
  return made;
}
