package dev.ringshot.conformance;

import dev.ringshot.conformance.cases.AcceptCases;
import dev.ringshot.conformance.cases.BufferRegistrationCases;
import dev.ringshot.conformance.cases.BufferRingCases;
import dev.ringshot.conformance.cases.BundleCases;
import dev.ringshot.conformance.cases.CancelCases;
import dev.ringshot.conformance.cases.ComparedCases;
import dev.ringshot.conformance.cases.ConnectionCases;
import dev.ringshot.conformance.cases.CqeCases;
import dev.ringshot.conformance.cases.DatagramCases;
import dev.ringshot.conformance.cases.DrainCases;
import dev.ringshot.conformance.cases.EnterCases;
import dev.ringshot.conformance.cases.EventfdCases;
import dev.ringshot.conformance.cases.FileTableCases;
import dev.ringshot.conformance.cases.IncrementalBufferCases;
import dev.ringshot.conformance.cases.LegacyBufferCases;
import dev.ringshot.conformance.cases.LinkCases;
import dev.ringshot.conformance.cases.LinkTimeoutCases;
import dev.ringshot.conformance.cases.MessageCases;
import dev.ringshot.conformance.cases.MsgRingCases;
import dev.ringshot.conformance.cases.MultishotCancelCases;
import dev.ringshot.conformance.cases.MultishotHopCases;
import dev.ringshot.conformance.cases.MultishotIssueCases;
import dev.ringshot.conformance.cases.MultishotOverflowCases;
import dev.ringshot.conformance.cases.MultishotPostCases;
import dev.ringshot.conformance.cases.MultishotQueueCases;
import dev.ringshot.conformance.cases.MultishotReadCases;
import dev.ringshot.conformance.cases.MultishotReceiveCases;
import dev.ringshot.conformance.cases.MultishotSelectCases;
import dev.ringshot.conformance.cases.OverflowCases;
import dev.ringshot.conformance.cases.PermissionCases;
import dev.ringshot.conformance.cases.PipeCases;
import dev.ringshot.conformance.cases.PollCases;
import dev.ringshot.conformance.cases.QueryCases;
import dev.ringshot.conformance.cases.ReceiveBufferCases;
import dev.ringshot.conformance.cases.RefDeviceCases;
import dev.ringshot.conformance.cases.RegisterCases;
import dev.ringshot.conformance.cases.RegisteredBufferCases;
import dev.ringshot.conformance.cases.RingFdCases;
import dev.ringshot.conformance.cases.RingMemoryCases;
import dev.ringshot.conformance.cases.SendReceiveCases;
import dev.ringshot.conformance.cases.SetupCases;
import dev.ringshot.conformance.cases.SocketCommandCases;
import dev.ringshot.conformance.cases.SqPollCases;
import dev.ringshot.conformance.cases.SqeCheckCases;
import dev.ringshot.conformance.cases.SyncCancelCases;
import dev.ringshot.conformance.cases.TaskWorkCases;
import dev.ringshot.conformance.cases.TimeoutCases;
import dev.ringshot.conformance.cases.TxTimestampCases;
import dev.ringshot.conformance.cases.UblkBatchCases;
import dev.ringshot.conformance.cases.UblkControlCases;
import dev.ringshot.conformance.cases.UblkDataCases;
import dev.ringshot.conformance.cases.UblkRecoveryCases;
import dev.ringshot.conformance.cases.UblkTagCases;
import dev.ringshot.conformance.cases.UringCmdIssueCases;
import dev.ringshot.conformance.cases.UringCmdPrepCases;
import dev.ringshot.conformance.cases.UserMemoryCases;
import dev.ringshot.conformance.cases.VectorCases;
import dev.ringshot.conformance.cases.WaitCases;
import dev.ringshot.conformance.cases.WideSqeCases;
import dev.ringshot.conformance.cases.WorkerCases;
import java.util.List;

/// Every topic, in the order of the result table.
public final class Suite {
  private static final List<Topic> TOPICS =
      List.of(
          Topic.of(UringCmdPrepCases.class),
          Topic.of(ComparedCases.class),
          Topic.of(UringCmdIssueCases.class),
          Topic.of(MultishotIssueCases.class),
          Topic.of(MultishotSelectCases.class),
          Topic.of(MultishotPostCases.class),
          Topic.of(MultishotOverflowCases.class),
          Topic.of(MultishotHopCases.class),
          Topic.of(MultishotCancelCases.class),
          Topic.of(MultishotQueueCases.class),
          Topic.of(RefDeviceCases.class),
          Topic.of(UblkControlCases.class),
          Topic.of(UblkBatchCases.class),
          Topic.of(UblkTagCases.class),
          Topic.of(UblkDataCases.class),
          Topic.of(UblkRecoveryCases.class),
          Topic.of(SqeCheckCases.class),
          Topic.of(OverflowCases.class),
          Topic.of(SetupCases.class),
          Topic.of(RingMemoryCases.class),
          Topic.of(UserMemoryCases.class),
          Topic.of(EnterCases.class),
          Topic.of(WaitCases.class),
          Topic.of(TaskWorkCases.class),
          Topic.of(SqPollCases.class),
          Topic.of(CancelCases.class),
          Topic.of(SyncCancelCases.class),
          Topic.of(WorkerCases.class),
          Topic.of(RegisterCases.class),
          Topic.of(QueryCases.class),
          Topic.of(PermissionCases.class),
          Topic.of(RingFdCases.class),
          Topic.of(FileTableCases.class),
          Topic.of(EventfdCases.class),
          Topic.of(PollCases.class),
          Topic.of(TimeoutCases.class),
          Topic.of(MsgRingCases.class),
          Topic.of(BufferRegistrationCases.class),
          Topic.of(BufferRingCases.class),
          Topic.of(RegisteredBufferCases.class),
          Topic.of(VectorCases.class),
          Topic.of(IncrementalBufferCases.class),
          Topic.of(LegacyBufferCases.class),
          Topic.of(CqeCases.class),
          Topic.of(WideSqeCases.class),
          Topic.of(MultishotReceiveCases.class),
          Topic.of(TxTimestampCases.class),
          Topic.of(LinkCases.class),
          Topic.of(LinkTimeoutCases.class),
          Topic.of(DrainCases.class),
          Topic.of(ReceiveBufferCases.class),
          Topic.of(MultishotReadCases.class),
          Topic.of(PipeCases.class),
          Topic.of(SendReceiveCases.class),
          Topic.of(MessageCases.class),
          Topic.of(BundleCases.class),
          Topic.of(ConnectionCases.class),
          Topic.of(DatagramCases.class),
          Topic.of(AcceptCases.class),
          Topic.of(SocketCommandCases.class));

  private Suite() {}

  /// The topics.
  public static List<Topic> topics() {
    return TOPICS;
  }

  /// The cases of all topics.
  public static List<Topic.TestCase> cases() {
    return TOPICS.stream().flatMap(topic -> topic.cases().stream()).toList();
  }
}
