package dev.ringshot.cli.ublk;

import dev.ringshot.cli.serve.ByteSize;
import dev.ringshot.cli.serve.ServerState;
import dev.ringshot.ublk.DeviceInfo;
import dev.ringshot.ublk.Features;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A device as it is told.
///
/// @param size of the disk in bytes; 0 if nobody has said yet
/// @param state what its server has left of itself, or null
record DeviceReport(DeviceInfo info, long size, @Nullable ServerState state) {
  /// A line.
  String line() {
    String server = info.pid() > 0 ? "process " + info.pid() : "no server";
    String disk = state == null ? "" : "  " + state.disk().words();
    return "ublk%d  %s  %s  %s  %d x %d requests of up to %s%s"
        .formatted(
            info.id(),
            info.stateName(),
            ByteSize.exactly(size),
            server,
            info.queues(),
            info.depth(),
            ByteSize.exactly(info.maxIoSize()),
            disk);
  }

  /// What else there is to know.
  String details() {
    String log = state == null || state.log() == null ? "" : "  " + state.log();
    return "       %s  %s  %s%s".formatted(info.blockPath(), info.charPath(), flags(), log);
  }

  private String flags() {
    return String.join(" ", Features.names(info.flags()));
  }

  /// For JSON.
  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> device = new LinkedHashMap<>();
    device.put("id", info.id());
    device.put("state", info.stateName());
    device.put("block_device", info.blockPath());
    device.put("char_device", info.charPath());
    device.put("size", size);
    device.put("pid", info.pid());
    device.put("queues", info.queues());
    device.put("depth", info.depth());
    device.put("max_io_size", info.maxIoSize());
    device.put("flags", Features.names(info.flags()));
    device.put("owner_uid", info.ownerUid());
    device.put("owner_gid", info.ownerGid());
    device.put("type", state == null ? null : state.disk().type());
    device.put("file", state == null ? null : state.disk().file());
    device.put("log", state == null ? null : state.log());
    return device;
  }
}
