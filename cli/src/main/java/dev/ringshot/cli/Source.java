package dev.ringshot.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Where the completions of `ringshot events` come from; each has one kernel that it lives on.
enum Source {
  /// Transmit time stamps of UDP datagrams.
  TX_TIMESTAMPS("tx-timestamps", "linux"),

  /// A device that ticks.
  TICKER("ticker", "model"),

  /// A network card with several queues.
  NIC("nic", "model");

  private final String label;
  private final String kernel;

  Source(String label, String kernel) {
    this.label = label;
    this.kernel = kernel;
  }

  /// The kernel that it implies: `linux` or `model`.
  String kernel() {
    return kernel;
  }

  /// @throws IllegalArgumentException if there is none of that name
  static Source named(String label) {
    for (Source source : values()) if (source.label.equals(label)) return source;
    throw new IllegalArgumentException("there is no source '" + label + "'; one of " + labels());
  }

  static String labels() {
    return Arrays.stream(values()).map(Source::toString).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return label;
  }
}
