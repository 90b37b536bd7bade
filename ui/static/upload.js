/** The files of what was dropped, those in folders too; hidden ones are left out. */
export async function dropped(transfer) {
  // All has to be taken before anything is awaited. What lies on no disk has no entry.
  const taken = [...transfer.items].map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  const files = [];
  for (const one of taken)
    if (one instanceof File) files.push(one);
    else if (one) await walk(one, files);
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
