using Feeds.Simulator.Markets;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Faults;

/// <summary>Ways to damage a message. The frame around it stays whole: what is broken is what it says.</summary>
internal static class FrameDamage
{
    /// <summary>Returns a damaged copy of a frame, in a way that chance picks.</summary>
    public static byte[] Garble(byte[] frame, ulong chance)
    {
        byte[] payload = WebSocketFrames.Payload(frame).ToArray();
        int at = (int)((chance >> 8) % (ulong)Math.Max(1, payload.Length));
        switch (chance % 6)
        {
            case 0:
                payload = payload[..at]; // cut short
                break;
            case 1:
                payload[at] ^= 0x80; // no longer UTF-8
                break;
            case 2:
                payload = "<html><body>502 Bad Gateway</body></html>"u8.ToArray();
                break;
            case 3:
                payload = [.. payload[..at], .. "\",,"u8, .. payload[at..]];
                break;
            case 4:
                ReplaceDigits(payload, at);
                break;
            default:
                for (int i = 0; i < 8; i++)
                {
                    payload[(int)(Noise.Hash(chance, i) % (ulong)payload.Length)] = (byte)Noise.Hash(chance, i + 100);
                }

                break;
        }

        return WebSocketFrames.Encode(WebSocketFrames.Text, payload);
    }

    /// <summary>Returns a frame of about so many bytes: valid JSON, nearly all of it blanks.</summary>
    public static byte[] Inflate(byte[] frame, int bytes)
    {
        byte[] payload = new byte[bytes];
        payload.AsSpan().Fill((byte)' ');
        ReadOnlySpan<byte> inner = WebSocketFrames.Payload(frame);
        inner[..Math.Min(inner.Length, bytes)].CopyTo(payload.AsSpan(bytes - Math.Min(inner.Length, bytes)));
        return WebSocketFrames.Encode(WebSocketFrames.Text, payload);
    }

    // A quoted number becomes text that lax parsers take for one.
    private static void ReplaceDigits(byte[] payload, int from)
    {
        for (int i = from; i < payload.Length - 4; i++)
        {
            if (payload[i] == '"' && char.IsAsciiDigit((char)payload[i + 1]) && char.IsAsciiDigit((char)payload[i + 2]))
            {
                payload[i + 1] = (byte)'-';
                payload[i + 2] = (byte)',';
                return;
            }
        }

        payload[from] = (byte)'?';
    }
}
