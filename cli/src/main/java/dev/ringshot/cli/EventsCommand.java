package dev.ringshot.cli;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.ring.End;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `ringshot events`: arms one command and prints its completions.
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Arms one command and prints each of its completions, then how it ended.",
    footer = {
      "",
      "Sources:",
      "  tx-timestamps  on Linux (6.18 or newer): the transmit time stamps of UDP",
      "                 datagrams, which it sends over loopback one by one",
      "  ticker         on the model: a device that ticks every 50 ms",
      "  nic            on the model: a network card with 4 queues, whose",
      "                 interrupts come on several threads; one command hears all",
      "",
      "JSON: for each completion {\"time\": nanoseconds since it was armed, \"res\",",
      "\"flags\": names, \"bid\": the buffer or null}; last {\"end\", \"submissions\",",
      "\"completions\"}, the command's own last completion included.",
      "",
      "Exit status: 0 done, 1 it failed, 2 wrong use."
    })
final class EventsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "SOURCE",
      converter = SourceConverter.class,
      description = "Where the completions come from: tx-timestamps, ticker or nic.")
  private Source source;

  @Option(
      names = "--kernel",
      paramLabel = "linux|model",
      description = "The kernel; a source implies its own.")
  private @Nullable String kernel;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "End the command after N completions with F_MORE; ${DEFAULT-VALUE} by default. What it still posts until then is not printed.")
  private int count;

  @Option(names = "--json", description = "Print a JSON object a line.")
  private boolean json;

  @Override
  public Integer call() {
    check();
    var log = new EventLog(spec.commandLine().getOut(), json);
    try {
      log.end(
          switch (source) {
            case TX_TIMESTAMPS -> TxTimestamps.run(count, log);
            case TICKER -> DeviceEvents.ofTicker(count, log);
            case NIC -> DeviceEvents.ofNic(count, log);
          });
      return 0;
    } catch (EventsFailed e) {
      log.end(e.end());
      throw e;
    } catch (ErrnoException e) {
      log.end(new End.Failed(e.errno()));
      throw e;
    }
  }

  private void check() {
    if (count < 1) throw wrong("--count takes a number of completions from 1, not " + count);
    if (kernel == null || kernel.equals(source.kernel())) return;
    if (!kernel.equals("linux") && !kernel.equals("model")) {
      throw wrong("--kernel takes linux or model, not '" + kernel + "'");
    }
    throw wrong(
        "the source %s is on %s, not on %s: leave --kernel away or take another source"
            .formatted(source, source.kernel(), kernel));
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /// Reads a source's name.
  static final class SourceConverter implements ITypeConverter<Source> {
    @Override
    public Source convert(String label) {
      try {
        return Source.named(label);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
