package dev.ringshot.cli.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// fio with four jobs, each of which writes its part of a disk, once each block, in random order
/// and 32 at a time. A block says where it is; what was acknowledged is in fio's logs.
///
/// @param folder where the logs are
record FioWrites(Path folder) {
  static final int BLOCK = 4096;
  static final int JOBS = 4;
  static final int BLOCKS = 8192;
  static final long SIZE = (long) BLOCK * BLOCKS;

  private static final byte[] MARK = "ringshot".getBytes(StandardCharsets.US_ASCII);

  /// Starts it as a client of a server for NBD.
  Process start(String uri, long seed, String... more) throws IOException {
    return start(List.of("--ioengine=nbd", "--uri=" + uri), seed, more);
  }

  /// Starts it on a disk in `/dev`, past the page cache.
  Process start(Path disk, String engine, long seed, String... more) throws IOException {
    return start(
        List.of("--ioengine=" + engine, "--filename=" + disk, "--direct=1", "--thread"),
        seed,
        more);
  }

  private Process start(List<String> where, long seed, String... more) throws IOException {
    Files.createDirectories(folder);
    long part = SIZE / JOBS;
    List<String> command =
        new ArrayList<>(
            List.of(
                "fio",
                "--name=writes",
                "--rw=randwrite",
                "--bs=" + BLOCK,
                "--iodepth=32",
                "--numjobs=" + JOBS,
                "--size=" + part,
                "--offset_increment=" + part,
                "--randseed=" + seed,
                "--verify=pattern",
                "--verify_pattern=\"ringshot\"%o",
                "--verify_state_save=0",
                "--write_lat_log=log",
                "--log_offset=1",
                "--disable_slat=1",
                "--disable_clat=1"));
    command.addAll(where);
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("fio").toFile())
        .start();
  }

  /// The blocks whose writing was acknowledged.
  BitSet acknowledged() throws IOException {
    var blocks = new BitSet(BLOCKS);
    for (int job = 1; job <= JOBS; job++) {
      Path log = folder.resolve("log_lat." + job + ".log");
      if (!Files.exists(log)) continue; // it was not connected yet
      for (String line : Files.readAllLines(log)) {
        String[] words = line.split(", *", -1);
        boolean isWrite = words[2].equals("1");
        if (isWrite) blocks.set((int) (Long.parseLong(words[4]) / BLOCK));
      }
    }
    return blocks;
  }

  /// Claims that an image has these blocks, and of all others none that is torn.
  ///
  /// @return how many of the others are there
  static int check(Path image, BitSet acknowledged) throws IOException {
    int others = 0;
    try (var file = FileChannel.open(image)) {
      for (int block = 0; block < BLOCKS; block++) {
        byte[] found = read(file, block);
        byte[] expected = content(block);
        boolean isThere = found[0] != 0;
        if (acknowledged.get(block) || isThere)
          assertArrayEquals(expected, found, "block " + block);
        if (isThere && !acknowledged.get(block)) others++;
      }
    }
    return others;
  }

  private static byte[] read(FileChannel file, int block) throws IOException {
    var bytes = ByteBuffer.allocate(BLOCK);
    file.read(bytes, (long) block * BLOCK);
    return bytes.array();
  }

  private static byte[] content(int block) {
    var bytes = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) bytes.put(MARK).putLong((long) block * BLOCK);
    return bytes.array();
  }
}
