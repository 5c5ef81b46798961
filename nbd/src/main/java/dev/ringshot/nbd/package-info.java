/// A server of the NBD protocol: block devices of the model for the clients that every Linux has.
///
/// # Synopsis
///
/// ```java
/// try (var server = NbdServer.open(NbdOptions.DEFAULT, device, ExtentSource.ALL_DATA)) {
///   IO.println(server.uri()); // nbd://127.0.0.1:10809/
///   untilToldToStop.await();
/// } // answers what is under way, flushes, closes
/// ```
///
/// # Description
///
/// [NbdServer][dev.ringshot.nbd.NbdServer] exports one
/// [BlockDevice][dev.ringshot.model.block.BlockDevice] on a TCP port or a Unix socket: fixed
/// newstyle handshake (GO, INFO, LIST, ABORT, EXPORT_NAME, structured replies, meta contexts), then
/// READ, WRITE, FLUSH, TRIM, CACHE, WRITE_ZEROES and BLOCK_STATUS with their flags.
/// [NbdOptions][dev.ringshot.nbd.NbdOptions] say where and within which bounds; an
/// [ExtentSource][dev.ringshot.nbd.ExtentSource] knows what is a hole.
///
/// **Flush.** All connections share the device, and a flush of it covers whatever ended before: so
/// does a flush on any connection, for writes answered on any other (`CAN_MULTI_CONN`).
///
/// **Threads.** A connection has two virtual threads. One reads requests and submits them to the
/// device, one sends what is ready; a device ends requests on any thread, which never waits here. A
/// client that does not read its replies stops its own two threads and nobody else's.
///
/// **Bounds.** Each connection has its own share of memory, taken by its requests and given back by
/// the device and by the client that reads its replies; none is lent to others, so no client can
/// keep another waiting. What is longer than 1 MiB goes through it in pieces. A connection that is
/// gone keeps its place until the device has ended its requests.
///
/// **Errors.** A request that cannot be is refused with the error that the protocol names for it. A
/// device's errno becomes one of the eight that there are on the wire; a device that throws has
/// failed that request. Bytes that are not of the protocol close their connection, with a line in
/// the log.
///
/// # What it leaves out
///
/// TLS (`STARTTLS` is not supported: keep the port on loopback, or behind a tunnel), extended
/// headers, resizing while a client is connected, and blocks smaller than the device's: requests
/// must be whole blocks. Long writes of which a part fails may have written any other part.
@org.jspecify.annotations.NullMarked
package dev.ringshot.nbd;
