package dev.ringshot.linux;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringshot.abi.ErrnoException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Memory from [LinuxKernel#map] until [LinuxKernel#unmap].
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
final class MappingsTest {
  private static final int READ_WRITE = PROT_READ | PROT_WRITE;

  private final LinuxKernel kernel = new LinuxKernel();

  @Test
  void memoryIsZeroedAndOfTheExactLength() {
    var memory = kernel.map(-1, 0, 5000, READ_WRITE);
    assertEquals(5000, memory.byteSize());
    assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[5000])));
    memory.fill((byte) 1);
    assertEquals(0, kernel.unmap(memory));
  }

  @Test
  void accessAfterUnmapThrows() {
    var memory = kernel.map(-1, 0, 4096, READ_WRITE);
    assertEquals(0, kernel.unmap(memory));
    assertFalse(memory.scope().isAlive());
    assertThrows(IllegalStateException.class, () -> memory.get(JAVA_BYTE, 0));
  }

  @Test
  @SuppressWarnings("restricted")
  void onlyWhatMapReturnedCanBeUnmapped() {
    var memory = kernel.map(-1, 0, 8192, READ_WRITE);
    assertEquals(-EINVAL, kernel.unmap(memory.asSlice(0, 4096)));
    assertEquals(-EINVAL, kernel.unmap(memory.asSlice(4096)));
    assertEquals(
        -EINVAL, kernel.unmap(MemorySegment.ofAddress(memory.address()).reinterpret(8192)));
    assertEquals(-EINVAL, kernel.unmap(MemorySegment.ofArray(new byte[8])));
    assertEquals(-EINVAL, kernel.unmap(MemorySegment.NULL));
    assertEquals(-EINVAL, new LinuxKernel().unmap(memory), "another kernel's mapping");
    assertEquals(0, kernel.unmap(memory));
    assertEquals(-EINVAL, kernel.unmap(memory), "twice");
  }

  @Test
  void mappingAtAnAddressThatWasUsedBeforeIsAnother() {
    var old = kernel.map(-1, 0, 4096, READ_WRITE);
    assertEquals(0, kernel.unmap(old));
    var mappings = new ArrayList<MemorySegment>();
    do {
      mappings.add(kernel.map(-1, 0, 4096, READ_WRITE)); // Linux gives the freed place at once
    } while (mappings.getLast().address() != old.address() && mappings.size() < 100);
    assertEquals(-EINVAL, kernel.unmap(old));
    for (var mapping : mappings) assertEquals(0, kernel.unmap(mapping));
  }

  @Test
  void readOnlyMappingIsReadOnlyInJava() {
    var memory = kernel.map(-1, 0, 4096, PROT_READ);
    assertTrue(memory.isReadOnly());
    assertEquals(0, memory.get(JAVA_LONG, 0));
    assertEquals(0, kernel.unmap(memory));
  }

  @Test
  void refusedMappingSaysWhy() {
    assertRefused(EBADF, "no such descriptor", () -> kernel.map(1 << 20, 0, 4096, READ_WRITE));
    assertRefused(EINVAL, "length must be positive", () -> kernel.map(-1, 0, 0, READ_WRITE));
    assertRefused(EINVAL, "protection 4", () -> kernel.map(-1, 0, 4096, 4));
    assertRefused(EINVAL, "protection 0", () -> kernel.map(-1, 0, 4096, 0));
    try (var ring = new RawRing(kernel)) {
      var wrong =
          assertThrows(
              ErrnoException.class, () -> kernel.map(ring.fd, 0x20000000, 4096, READ_WRITE));
      assertTrue(wrong.toString().contains("at 0x20000000"), wrong.toString());
      assertTrue(wrong.toString().contains("IORING_OFF_SQES"), wrong.toString());
    }
  }

  private static void assertRefused(int errno, String advice, Callable<MemorySegment> call) {
    var refusal = assertThrows(ErrnoException.class, call::call);
    assertEquals(errno, refusal.errno());
    assertTrue(refusal.toString().contains(advice), refusal.toString());
  }

  /// The comparison function of qsort(3) runs while a foreign call holds the segment.
  @Test
  @SuppressWarnings("restricted")
  void unmapOfMemoryInAForeignCallIsRefusedAndChangesNothing() throws Throwable {
    var memory = kernel.map(-1, 0, 4096, READ_WRITE);
    var results = new ArrayList<Integer>();
    var compare =
        MethodHandles.lookup()
            .findStatic(
                MappingsTest.class,
                "unmapInCall",
                MethodType.methodType(
                    int.class,
                    LinuxKernel.class,
                    MemorySegment.class,
                    List.class,
                    MemorySegment.class,
                    MemorySegment.class));
    var qsort =
        Libc.plain("qsort", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS));
    try (var arena = Arena.ofConfined()) {
      var callback =
          Linker.nativeLinker()
              .upcallStub(
                  MethodHandles.insertArguments(compare, 0, kernel, memory, results),
                  FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS),
                  arena);
      qsort.invokeExact(memory, 2L, 4L, callback);
    }
    assertEquals(List.of(-EBUSY), results);
    assertEquals(0, memory.get(JAVA_LONG, 0));
    assertEquals(0, kernel.unmap(memory));
  }

  static int unmapInCall(
      LinuxKernel kernel,
      MemorySegment memory,
      List<Integer> results,
      MemorySegment left,
      MemorySegment right) {
    results.add(kernel.unmap(memory));
    return Long.compare(left.address(), right.address());
  }

  @Test
  void oneOfTwoThreadsUnmaps() throws Exception {
    var start = new CyclicBarrier(2);
    try (var threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 1000; round++) {
        var memory = kernel.map(-1, 0, 4096, READ_WRITE);
        Callable<Integer> unmap =
            () -> {
              start.await();
              return kernel.unmap(memory);
            };
        var results = threads.invokeAll(List.of(unmap, unmap));
        assertEquals(-EINVAL, results.get(0).get() + results.get(1).get());
      }
    }
  }

  /// Each thread writes its own mark to memory that others could be given too early.
  @Test
  void threadsNeverShareAMapping() throws Exception {
    int count = 4;
    try (var threads = Executors.newFixedThreadPool(count)) {
      var tasks = new ArrayList<Callable<Void>>();
      for (long mark = 1; mark <= count; mark++) tasks.add(mapper(mark));
      for (var result : threads.invokeAll(tasks)) result.get();
    }
  }

  private Callable<Void> mapper(long mark) {
    return () -> {
      for (int round = 0; round < 2000; round++) {
        var memory = kernel.map(-1, 0, 4096, READ_WRITE);
        assertEquals(0, memory.get(JAVA_LONG, 0));
        memory.set(JAVA_LONG, 0, mark);
        assertEquals(mark, memory.get(JAVA_LONG, 0));
        assertEquals(0, kernel.unmap(memory));
      }
      return null;
    };
  }
}
