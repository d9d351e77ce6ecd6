using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Feeds.Simulator.Server;

/// <summary>
/// RFC 6455 framing, written here rather than taken from the framework because the venue must send its own pings, see
/// the client's, share one encoded frame among listeners, and break the protocol when asked to.
/// </summary>
internal static class WebSocketFrames
{
    public const byte Text = 0x1;
    public const byte Binary = 0x2;
    public const byte Close = 0x8;
    public const byte Ping = 0x9;
    public const byte Pong = 0xA;

    /// <summary>Returns a whole, unmasked frame.</summary>
    public static byte[] Encode(byte opcode, ReadOnlySpan<byte> payload) => Encode(opcode, payload, default, default);

    /// <summary>Returns a whole, unmasked frame whose payload is three pieces one after another.</summary>
    public static byte[] Encode(
        byte opcode, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        int length = first.Length + second.Length + third.Length;
        int header = length < 126 ? 2 : length <= ushort.MaxValue ? 4 : 10;
        byte[] frame = GC.AllocateUninitializedArray<byte>(header + length);
        frame[0] = (byte)(0x80 | opcode);
        switch (header)
        {
            case 2:
                frame[1] = (byte)length;
                break;
            case 4:
                frame[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)length);
                break;
            default:
                frame[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(2), (ulong)length);
                break;
        }

        first.CopyTo(frame.AsSpan(header));
        second.CopyTo(frame.AsSpan(header + first.Length));
        third.CopyTo(frame.AsSpan(header + first.Length + second.Length));
        return frame;
    }

    /// <summary>Returns a close frame with a code and a reason.</summary>
    public static byte[] EncodeClose(int code, string reason)
    {
        byte[] payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        return Encode(Close, payload);
    }

    /// <summary>Returns the payload of a frame made by <see cref="Encode(byte, ReadOnlySpan{byte})"/>.</summary>
    public static ReadOnlySpan<byte> Payload(byte[] frame) =>
        frame.AsSpan((frame[1] & 0x7F) switch { 126 => 4, 127 => 10, _ => 2 });

    /// <summary>Returns the answer to a client's <c>Sec-WebSocket-Key</c>.</summary>
    public static string Accept(string key)
    {
        // RFC 6455 4.2.2: this digest is a handshake, not a protection.
#pragma warning disable CA5350
        return Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
    }
}
