/** The version of the tool, from its package. */
import metadata from "../package.json" with { type: "json" };

export const version: string = metadata.version;
/** As the headers of generated files name it. */
export const generator: string = `msrpc ${version}`;
