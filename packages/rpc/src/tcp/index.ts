/** TCP and Unix sockets, for Node: clients and servers. */
export { type TcpOptions, tcpTransport, type TcpTransport } from "./client.ts";
export { type TcpServer, tcpServer, type TcpServerOptions } from "./server.ts";
