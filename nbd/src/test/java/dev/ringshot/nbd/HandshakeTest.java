package dev.ringshot.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The handshake, byte by byte.
@Timeout(60)
final class HandshakeTest {
  private static final int SIZE = 1 << 20;

  /// HAS_FLAGS, FLUSH, FUA, TRIM, WRITE_ZEROES, MULTI_CONN, CACHE, FAST_ZERO.
  private static final int FLAGS = 0x0d6d;

  private static final int DF = 0x80;

  private final MemoryDisk disk = new MemoryDisk(SIZE);
  private Rig rig;
  private Client client;

  @BeforeEach
  void connect() throws IOException {
    rig = new Rig(Rig.OPTIONS.withName("disk", "a disk"), disk);
    client = rig.connect();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    rig.close();
  }

  @Test
  void greetsWithFixedNewstyleAndNoZeroes() throws IOException {
    assertArrayEquals(Client.hex("4e42444d41474943 49484156454f5054 0003"), client.receive(18));
  }

  @Test
  void goSaysSizeFlagsAndBlockSizes() throws IOException {
    client.greet(3).send(Client.hex("49484156454f5054 00000007 0000000a 00000004 6469736b 0000"));
    assertArrayEquals(
        Client.hex("0003e889045565a9 00000007 00000003 0000000c 0000 0000000000100000 0d6d"),
        client.receive(32));
    assertArrayEquals(
        Client.hex("0003e889045565a9 00000007 00000003 0000000e 0003 00000200 00001000 02000000"),
        client.receive(34));
    assertArrayEquals(
        Client.hex("0003e889045565a9 00000007 00000001 00000000"), client.receive(20));
    client.expect(0, 0, Nbd.NBD_CMD_FLUSH, 0, 0);
  }

  @Test
  void infoSaysNameAndDescriptionWhenAsked() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_INFO, Client.exportQuery("", 1, 2, 99));
    client.expectOption(Nbd.NBD_REP_INFO);
    client.expectOption(Nbd.NBD_REP_INFO);
    assertArrayEquals(Client.hex("0001 6469736b"), client.expectOption(Nbd.NBD_REP_INFO));
    assertArrayEquals(Client.hex("0002 61206469736b"), client.expectOption(Nbd.NBD_REP_INFO));
    client.expectAck();
    client.option(Nbd.NBD_OPT_ABORT).expectAck(); // INFO does not end the handshake
  }

  @Test
  void dfIsOfferedWithStructuredReplies() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_STRUCTURED_REPLY).expectAck();
    client.option(Nbd.NBD_OPT_INFO, Client.exportQuery(""));
    ByteBuffer info = ByteBuffer.wrap(client.expectOption(Nbd.NBD_REP_INFO));
    assertEquals(FLAGS | DF, info.getShort(10));
  }

  @Test
  void listNamesTheExport() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_LIST);
    assertArrayEquals(
        Client.hex("00000004 6469736b 61206469736b"), client.expectOption(Nbd.NBD_REP_SERVER));
    client.expectAck();
  }

  @Test
  void abortIsAcknowledgedAndCloses() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_ABORT, (byte) 1).expectAck();
    client.expectClosed();
    rig.awaitNoConnections();
    assertEquals(List.of(), rig.log.all());
  }

  @Test
  void exportNameOfAnOldClientEndsWithZeroes() throws IOException {
    client.greet(0).option(Nbd.NBD_OPT_EXPORT_NAME, "disk".getBytes(StandardCharsets.UTF_8));
    ByteBuffer answer = ByteBuffer.wrap(client.receive(10 + 124));
    assertEquals(SIZE, answer.getLong());
    assertEquals(FLAGS, answer.getShort());
    while (answer.hasRemaining()) assertEquals(0, answer.get());
    client.expect(0, 0, Nbd.NBD_CMD_FLUSH, 0, 0);
  }

  @Test
  void exportNameWithoutZeroesIsShort() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_EXPORT_NAME);
    client.receive(10);
    client.expect(0, 0, Nbd.NBD_CMD_FLUSH, 0, 0);
  }

  @Test
  void unknownExportNameCloses() throws Exception {
    client.greet(3).option(Nbd.NBD_OPT_EXPORT_NAME, (byte) 'x').expectClosed();
    assertTrue(rig.log.take().endsWith("closed: no such export"));
  }

  @Test
  void unknownExportIsRefusedAndAnotherMayBeChosen() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_GO, Client.exportQuery("other"));
    client.expectOption(Nbd.NBD_REP_ERR_UNKNOWN);
    client.go("disk").expect(0, 0, Nbd.NBD_CMD_FLUSH, 0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 11, 12, 0, -1, 0x7fffffff})
  void unknownOptionsAreUnsupportedWithTheirData(int option) throws IOException {
    client.greet(3).option(option, (byte) 1, (byte) 2).expectOption(Nbd.NBD_REP_ERR_UNSUP);
    client.go("disk");
  }

  @Test
  void malformedOptionsAreInvalid() throws IOException {
    client.greet(3);
    for (int option : new int[] {Nbd.NBD_OPT_LIST, Nbd.NBD_OPT_STRUCTURED_REPLY})
      client.option(option, (byte) 0).expectOption(Nbd.NBD_REP_ERR_INVALID);
    for (int option : new int[] {6, 7, 9, 10})
      for (String data :
          List.of("", "00", "00000000", "00000000 00", "ffffffff 0000", "00000001 0000"))
        client.option(option, Client.hex(data)).expectOption(Nbd.NBD_REP_ERR_INVALID);
    client.option(7, Client.hex("00000000 0001")).expectOption(Nbd.NBD_REP_ERR_INVALID);
    client.option(7, Client.hex("00000001 ff 0000")).expectOption(Nbd.NBD_REP_ERR_INVALID);
    client.option(10, Client.hex("00000000 00000001")).expectOption(Nbd.NBD_REP_ERR_INVALID);
    client
        .option(10, Client.hex("00000000 00000001 7fffffff"))
        .expectOption(Nbd.NBD_REP_ERR_INVALID);
  }

  @Test
  void metaContextsNeedStructuredReplies() throws IOException {
    client.greet(3).metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "", "base:allocation");
    client.expectOption(Nbd.NBD_REP_ERR_INVALID);
  }

  @Test
  void metaContextsAreListedByNamespaceAndSetByName() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_STRUCTURED_REPLY).expectAck();
    client.metaContext(Nbd.NBD_OPT_LIST_META_CONTEXT, "disk").expectContext();
    client.metaContext(Nbd.NBD_OPT_LIST_META_CONTEXT, "disk", "base:").expectContext();
    client.metaContext(Nbd.NBD_OPT_LIST_META_CONTEXT, "disk", "base:x", "qemu:").expectAck();
    client.metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "disk").expectAck();
    client.metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "disk", "base:", "x-y:z").expectAck();
    client.metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "no", "base:allocation");
    client.expectOption(Nbd.NBD_REP_ERR_UNKNOWN);
    client.metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "disk", "x-y:z", "base:allocation");
    assertArrayEquals(
        Client.hex("00000001 626173653a616c6c6f636174696f6e"),
        client.expectOption(Nbd.NBD_REP_META_CONTEXT));
    client.expectAck();
    client.go("disk").expect(0, 0, Nbd.NBD_CMD_BLOCK_STATUS, 0, 4096);
  }

  @Test
  void metaContextsAreOfTheNameTheyWereSetFor() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_STRUCTURED_REPLY).expectAck();
    client.metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "", "base:allocation").expectContext();
    client.go("disk").expect(Nbd.NBD_EINVAL, 0, Nbd.NBD_CMD_BLOCK_STATUS, 0, 4096);
  }

  @Test
  void settingContextsInVainForgetsTheOldOnes() throws IOException {
    client.greet(3).option(Nbd.NBD_OPT_STRUCTURED_REPLY).expectAck();
    client.metaContext(Nbd.NBD_OPT_SET_META_CONTEXT, "", "base:allocation").expectContext();
    client.option(Nbd.NBD_OPT_SET_META_CONTEXT).expectOption(Nbd.NBD_REP_ERR_INVALID);
    client.go("").expect(Nbd.NBD_EINVAL, 0, Nbd.NBD_CMD_BLOCK_STATUS, 0, 4096);
  }

  @Test
  void unknownClientFlagsClose() throws Exception {
    client.greet(7).expectClosed();
    assertTrue(rig.log.take().endsWith("closed: client flags 0x7"));
  }

  @Test
  void wrongOptionMagicCloses() throws Exception {
    client.greet(3).send(new byte[16]).expectClosed();
    assertTrue(rig.log.take().endsWith("closed: option magic 0x0"));
  }

  @Test
  void longOptionsClose() throws Exception {
    client.greet(3).send(Client.hex("49484156454f5054 00000063 80000000")).expectClosed();
    assertTrue(rig.log.take().endsWith("closed: option 99 with 2147483648 bytes"));
  }

  @Test
  void tooManyOptionsClose() throws Exception {
    client.greet(3);
    for (int i = 0; i < Handshake.OPTIONS_MAX; i++)
      client.option(99).expectOption(Nbd.NBD_REP_ERR_UNSUP);
    client.expectClosed();
    assertTrue(rig.log.take().endsWith("closed: more than 64 options"));
  }

  @Test
  void optionsOfAClientThatIsNotFixedClose() throws Exception {
    client.greet(2).option(Nbd.NBD_OPT_LIST).expectClosed();
    assertTrue(rig.log.take().endsWith("option 3 of a client that is not fixed newstyle"));
  }

  @Test
  void leavingBetweenOptionsIsNoError() throws IOException {
    client.greet(3).close();
    rig.awaitNoConnections();
    assertEquals(List.of(), rig.log.all());
  }

  @Test
  void leavingWithinAnOptionIsAnError() throws Exception {
    client.greet(3).send(Client.hex("49484156")).close();
    assertTrue(rig.log.take().endsWith("closed: ended after 4 of 16 bytes"));
  }
}
