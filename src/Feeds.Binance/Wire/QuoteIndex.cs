using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Feeds.Binance.Wire;

/// <summary>
/// The places of all quotes from a point of a frame to its end, ascending: with them numbers can be read side by side,
/// instead of each waiting for the end of the one before.
/// </summary>
internal sealed class QuoteIndex
{
    private const int MaxQuotes = 16 * 1024;

    // Each block stores 64 places at once, of which only as many count as it has quotes.
    private readonly ushort[] _places = new ushort[MaxQuotes + 64];

    /// <summary>True when this processor has the vectors.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512Vbmi2.IsSupported
        && Avx512Vbmi.IsSupported;

    /// <summary>How many places there are.</summary>
    public int Count { get; private set; }

    private static Vector512<byte> Iota { get; } = Vector512.CreateSequence<byte>(0, 1);

    /// <summary>The first place; the others follow it.</summary>
    public ref ushort First => ref _places[0];

    /// <summary>Finds the quotes of <c>[from, length)</c>; false when the frame is too long or has too many.</summary>
    public bool Build(ref byte f, nint from, nint length)
    {
        Count = 0;
        if (length > ushort.MaxValue - 64 || length < 64)
        {
            return false;
        }

        int count = 0;
        ref ushort places = ref _places[0];
        Vector512<byte> quote = Vector512.Create((byte)'"');
        nint at = from;
        for (; at <= length - 64; at += 64)
        {
            Vector512<byte> mask = Vector512.Equals(Vector512.LoadUnsafe(ref f, (nuint)at), quote);
            Store(ref places, ref count, mask, at);
            if (count > MaxQuotes)
            {
                return false;
            }
        }

        if (at < length)
        {
            // The last block reaches back over what was seen already, and leaves that out.
            nint last = length - 64;
            Vector512<byte> mask = Vector512.Equals(Vector512.LoadUnsafe(ref f, (nuint)last), quote)
                & Vector512.GreaterThanOrEqual(Iota, Vector512.Create((byte)(at - last)));
            Store(ref places, ref count, mask, last);
        }

        Count = count;
        return count <= MaxQuotes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref ushort places, ref int count, Vector512<byte> mask, nint at)
    {
        Vector512<byte> offsets = Avx512Vbmi2.Compress(Vector512<byte>.Zero, mask, Iota);
        int found = BitOperations.PopCount(mask.ExtractMostSignificantBits());
        Vector512<ushort> start = Vector512.Create((ushort)at);
        ref ushort target = ref Unsafe.Add(ref places, count);
        (Vector512.WidenLower(offsets) + start).StoreUnsafe(ref target);
        if (found > 32)
        {
            (Vector512.WidenUpper(offsets) + start).StoreUnsafe(ref target, 32);
        }

        count += found;
    }
}
