using System.Buffers.Binary;

namespace Feeds.Simulator.Server;

/// <summary>Reads a client's masked frames and joins fragments. One reader per connection, used by one task.</summary>
internal sealed class ClientFrameReader(Stream stream)
{
    /// <summary>
    /// The longest message that the venue takes from a client, in bytes: a SUBSCRIBE of 1024 long names.
    /// </summary>
    public const int MaxMessageBytes = 256 * 1024;

    private readonly byte[] _header = new byte[14];

    /// <summary>
    /// Returns the next message or control frame; null when the client went away or broke the protocol.
    /// </summary>
    public async Task<(byte Opcode, byte[] Payload)?> ReadAsync(CancellationToken cancellation)
    {
        byte message = 0;
        byte[] joined = [];
        while (true)
        {
            if (!await FillAsync(_header.AsMemory(0, 2), cancellation))
            {
                return null;
            }

            byte opcode = (byte)(_header[0] & 0x0F);
            bool final = (_header[0] & 0x80) != 0;
            long length = _header[1] & 0x7F;
            if ((_header[1] & 0x80) == 0)
            {
                return null; // clients must mask
            }

            int more = length == 126 ? 2 : length == 127 ? 8 : 0;
            if (more > 0)
            {
                if (!await FillAsync(_header.AsMemory(2, more), cancellation))
                {
                    return null;
                }

                length = more == 2
                    ? BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2))
                    : BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2));
            }

            if (length < 0 || length + joined.Length > MaxMessageBytes
                || !await FillAsync(_header.AsMemory(10, 4), cancellation))
            {
                return null;
            }

            byte[] payload = new byte[length];
            if (!await FillAsync(payload, cancellation))
            {
                return null;
            }

            for (int i = 0; i < payload.Length; i++)
            {
                payload[i] ^= _header[10 + (i & 3)];
            }

            if (opcode >= 0x8)
            {
                return (opcode, payload);
            }

            message = opcode == 0 ? message : opcode;
            joined = joined.Length == 0 ? payload : [.. joined, .. payload];
            if (final)
            {
                return (message, joined);
            }
        }
    }

    private async Task<bool> FillAsync(Memory<byte> into, CancellationToken cancellation)
    {
        while (into.Length > 0)
        {
            int read = await stream.ReadAsync(into, cancellation);
            if (read == 0)
            {
                return false;
            }

            into = into[read..];
        }

        return true;
    }
}
