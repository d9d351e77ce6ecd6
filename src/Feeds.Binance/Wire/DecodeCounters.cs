using System.Runtime.CompilerServices;

namespace Feeds.Binance.Wire;

/// <summary>
/// What a decoder has seen. Written by its thread alone; anyone may read, each number is whole and only ever rises.
/// </summary>
public sealed class DecodeCounters
{
    private readonly long[] _kinds = new long[16];
    private readonly long[] _streams = new long[16];
    private readonly long[] _ignored = new long[16];
    private readonly long[] _malformed = new long[16];
    private long _fallbacks;

    /// <summary>All frames.</summary>
    public long Frames
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _kinds.Length; i++)
            {
                sum += Volatile.Read(ref _kinds[i]);
            }

            return sum;
        }
    }

    /// <summary>
    /// Frames that the scanner left to the general JSON reader: rare, unless the exchange changed its messages.
    /// </summary>
    public long Fallbacks => Volatile.Read(ref _fallbacks);

    /// <summary>Frames of a kind.</summary>
    public long Of(DecodedKind kind) => Volatile.Read(ref _kinds[(int)kind]);

    /// <summary>Well-formed messages of a kind of stream, ignored ones included.</summary>
    public long Of(StreamKind stream) => Volatile.Read(ref _streams[(int)stream]);

    /// <summary>Messages ignored for a reason.</summary>
    public long Of(IgnoreReason reason) => Volatile.Read(ref _ignored[(int)reason]);

    /// <summary>Messages broken in a way.</summary>
    public long Of(MalformedReason reason) => Volatile.Read(ref _malformed[(int)reason]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(in DecodedMessage message)
    {
        _kinds[(int)message.Kind & 15]++;
        _streams[(int)message.Stream & 15]++;
        if (message.Kind >= DecodedKind.Ignored)
        {
            _ignored[(int)message.Ignored & 15]++;
            _malformed[(int)message.Malformed & 15]++;
        }
    }

    internal void CountFallback() => _fallbacks++;
}
