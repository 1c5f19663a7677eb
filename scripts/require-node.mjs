// Says in plain words what is missing when the pinned Node did not install on this platform.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `This workspace runs on Node 24, which it installs by itself where a build for the platform exists.\n` +
      `There is none for ${process.platform}-${process.arch}: please install Node 24 and run the command again ` +
      `(this is Node ${process.version}).`,
  );
  process.exit(1);
}
