/** TCP and Unix sockets, for Node: clients and servers. */
export type { ServerStatistics } from "../connection/server-host.ts";
export { type TcpOptions, tcpOptionsOf, tcpTransport, type TcpTransport } from "./client.ts";
export { type ErrorOrigin, type TcpServer, tcpServer, type TcpServerOptions } from "./server.ts";
