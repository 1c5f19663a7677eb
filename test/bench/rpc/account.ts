/** Who calls the benchmark's server with privacy. */
export const account = { user: "bench", domain: "BENCH", password: "Passw0rd.bench" };
