package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.cli.Json;
import dev.ringshot.cli.JsonObject;
import dev.ringshot.model.PortableFiles;
import dev.ringshot.model.block.Bio;
import dev.ringshot.model.block.BlockDevice;
import dev.ringshot.nbd.ExtentSource;
import dev.ringshot.ublk.FetchMode;
import dev.ringshot.ublk.ServerOptions;
import dev.ringshot.ublk.Troubles;
import dev.ringshot.ublk.target.MemTarget;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is told of a queue is what it has done.
@Timeout(60)
final class FiguresTest {
  private static final int REQUESTS = 400;
  private static final int DEPTH = 8;

  @Test
  void twoMultishotCommandsBringAllTagsOfABatchQueue() {
    JsonObject figures = figuresAfterReads(FetchMode.BATCH);
    assertTrue(figures.number("fetch_commands") < 10, figures::toString);
    assertTrue(figures.decimal("completions_per_fetch_command") > 4, figures::toString);
    assertTrue(figures.decimal("tags_per_completion") >= 1, figures::toString);
  }

  @Test
  void aCommandATagBringsOneTag() {
    JsonObject figures = figuresAfterReads(FetchMode.PER_TAG);
    assertEquals(REQUESTS, figures.number("fetch_completions"));
    assertEquals(1.0, figures.decimal("tags_per_completion"));
    double ratio = (double) REQUESTS / (REQUESTS + DEPTH);
    assertEquals(ratio, figures.decimal("completions_per_fetch_command"), 0.01);
  }

  /// Serves, reads, and looks at both ways to tell of it.
  private static JsonObject figuresAfterReads(FetchMode fetch) {
    var options =
        ServerOptions.of(ProcessHandle.current().pid()).withQueues(1, DEPTH).withFetch(fetch);
    var made = new DiskChoice.Disk(new MemTarget(1 << 20), ExtentSource.ALL_DATA);
    try (var driver = new ModelDriver(new PortableFiles(), null)) {
      var disk =
          new ServedDisk(
              driver, kernel -> made, options, false, Troubles.SILENT, new CompletableFuture<>());
      try (disk) {
        read(driver.device(disk));
      }
      return figuresOf(disk);
    }
  }

  private static JsonObject figuresOf(ServedDisk disk) {
    List<String> table = Figures.table(disk.queues());
    String[] head = table.getFirst().strip().split(" +", -1);
    String[] line = table.getLast().strip().split(" +", -1);
    assertEquals(List.of("cqes/sqe", "tags/cqe"), List.of(head[7], head[8]));
    JsonObject json = JsonObject.of(Json.of(Figures.json(disk.queues().getFirst())));
    assertEquals(REQUESTS, json.number("read_requests"));
    assertEquals(REQUESTS, json.number("tags_fetched"));
    assertEquals(String.valueOf(json.number("fetch_completions")), line[6]);
    assertEquals(json.decimal("completions_per_fetch_command"), Double.parseDouble(line[7]), 0.06);
    assertEquals(json.decimal("tags_per_completion"), Double.parseDouble(line[8]), 0.06);
    return json;
  }

  /// As many requests at a time as there are tags.
  private static void read(BlockDevice device) {
    MemorySegment data = Arena.ofAuto().allocate(4096);
    for (int i = 0; i < REQUESTS; i += DEPTH) {
      var ends = new CompletableFuture<?>[DEPTH];
      for (int tag = 0; tag < DEPTH; tag++) {
        var end = new CompletableFuture<Integer>();
        ends[tag] = end;
        device.submit(Bio.read(0, data, (_, errno) -> end.complete(errno)));
      }
      CompletableFuture.allOf(ends).join();
    }
  }
}
