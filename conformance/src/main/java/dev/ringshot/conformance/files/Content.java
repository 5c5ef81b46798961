package dev.ringshot.conformance.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A file's bytes: as programs see them, and what a power cut may leave of them, by sectors. A
/// sector is written whole or not at all.
final class Content {
  static final int SECTOR = 512;
  private static final byte[] ZEROES = new byte[SECTOR];

  private final NavigableMap<Long, byte[]> sectors = new TreeMap<>(); // without those of zeroes

  /// Of each sector written since it was last durable: what it was then, and each time since but
  /// the last.
  private final Map<Long, List<byte[]>> earlier = new HashMap<>();

  private long size;
  private long durableSize;

  long size() {
    return size;
  }

  void resize(long bytes) {
    if (bytes < size) zero(bytes, size);
    size = bytes;
  }

  byte[] read(long position, int length) {
    var bytes = new byte[length];
    for (int done = 0; done < length; ) {
      long at = position + done;
      int within = (int) (at % SECTOR);
      int count = Math.min(SECTOR - within, length - done);
      System.arraycopy(sector(at / SECTOR), within, bytes, done, count);
      done += count;
    }
    return bytes;
  }

  void write(long position, byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      long at = position + done;
      int within = (int) (at % SECTOR);
      int count = Math.min(SECTOR - within, bytes.length - done);
      byte[] next = sector(at / SECTOR).clone();
      System.arraycopy(bytes, done, next, within, count);
      put(at / SECTOR, next);
      done += count;
    }
    size = Math.max(size, position + bytes.length);
  }

  /// Zeroes from one position up to another; the size stays.
  void zero(long from, long to) {
    for (long number : List.copyOf(sectors.subMap(from / SECTOR, ceil(to)).keySet())) {
      byte[] next = sector(number).clone();
      long start = number * SECTOR;
      int first = (int) Math.max(0, from - start);
      int last = (int) Math.min(SECTOR, to - start);
      Arrays.fill(next, first, last, (byte) 0);
      put(number, next);
      if (last - first == SECTOR) sectors.remove(number); // a hole
    }
  }

  private static long ceil(long position) {
    return (position + SECTOR - 1) / SECTOR;
  }

  private byte[] sector(long number) {
    return sectors.getOrDefault(number, ZEROES);
  }

  private void put(long number, byte[] next) {
    earlier.computeIfAbsent(number, _ -> new ArrayList<>()).add(sector(number));
    sectors.put(number, next);
  }

  /// The first position from `position` on that is data, or that is none; `size` if there is none.
  long seek(long position, boolean forData) {
    for (long number = position / SECTOR; number * SECTOR < size; number++)
      if (sectors.containsKey(number) == forData) return Math.max(position, number * SECTOR);
    return size;
  }

  /// fdatasync(2): all of it is on stable storage, the size included.
  void sync() {
    earlier.clear();
    durableSize = size;
    sectors.values().removeIf(bytes -> Arrays.equals(bytes, ZEROES));
  }

  /// The power goes: of each sector not synced one of its contents since is left, of the size the
  /// durable one or the last.
  void cut(SplittableRandom random) {
    var numbers = new TreeMap<>(earlier); // in an order that the seed decides alone
    numbers.forEach((number, contents) -> {
      int chosen = random.nextInt(contents.size() + 1);
      if (chosen < contents.size()) sectors.put(number, contents.get(chosen));
    });
    if (random.nextBoolean()) resizeAfterCut(durableSize);
    sync();
  }

  private void resizeAfterCut(long bytes) {
    if (bytes < size) zero(bytes, size);
    size = bytes;
  }
}
