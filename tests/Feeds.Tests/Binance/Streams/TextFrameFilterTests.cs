using System.Text;
using Feeds.Binance.Streams;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Binance.Streams;

public sealed class TextFrameFilterTests
{
    private static readonly byte[] Handshake =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX: \r\r\n\r\n"u8.ToArray();

    [Fact]
    public void Only_the_opcode_of_text_frames_changes_wherever_the_bytes_are_cut()
    {
        Prop.ForAll(Arb.From(Gen.Choose(1, int.MaxValue - 1)), static seed =>
        {
            Random random = new(seed);
            List<byte> sent = [.. Handshake];
            List<byte> expected = [.. Handshake];
            for (int i = 0; i < 20; i++)
            {
                int length = random.Next(
                    4) switch
                { 0 => random.Next(126), 1 => random.Next(126, 400), 2 => 70_000, _ => 0 };
                byte first = new byte[] { 0x81, 0x01, 0x80, 0x82, 0x89, 0x8A, 0x88 }[random.Next(7)];
                byte[] payload = new byte[length];
                random.NextBytes(payload);
                Add(sent, first, payload);
                Add(expected, (first & 0x0F) == 1 ? (byte)((first & 0xF0) | 2) : first, payload);
            }

            byte[] bytes = [.. sent];
            TextFrameFilter filter = new(Stream.Null);
            for (int at = 0; at < bytes.Length;)
            {
                int take = Math.Min(bytes.Length - at, random.Next(1, random.Next(2) == 0 ? 5 : 9_000));
                filter.Mark(bytes.AsSpan(at, take));
                at += take;
            }

            return bytes.AsSpan().SequenceEqual(expected.ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void An_answer_that_is_no_WebSocket_passes_as_it_is()
    {
        byte[] bytes = [.. "HTTP/1.1 403 Forbidden\r\n\r\n"u8, 0x81, 0x01, 0x41, 0x81];
        byte[] before = [.. bytes];
        new TextFrameFilter(Stream.Null).Mark(bytes);
        Assert.Equal(Encoding.Latin1.GetString(before), Encoding.Latin1.GetString(bytes));
    }

    private static void Add(List<byte> to, byte first, byte[] payload)
    {
        to.Add(first);
        if (payload.Length < 126)
        {
            to.Add((byte)payload.Length);
        }
        else if (payload.Length < 65_536)
        {
            to.AddRange([126, (byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        else
        {
            to.AddRange(
                [127, 0, 0, 0, 0, 0, (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length]);
        }

        to.AddRange(payload);
    }
}
