using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>
/// Reads four levels of a book at once: four prices in the lanes of one vector, four quantities in another. All prices
/// must have as many decimals as the first, and all quantities likewise, which is how the exchange writes a symbol's
/// numbers.
/// </summary>
internal ref struct LevelLanes
{
    // A lane is the 16 bytes that end with a number's last digit.
    private const uint QuoteCommaQuote = 0x222C22;
    private const uint QuoteBracketCommaBracket = 0x5B2C5D22;

    private readonly Vector512<byte> _pricePoints;
    private readonly Vector512<byte> _priceBefore;
    private readonly Vector512<byte> _priceLast;
    private readonly Vector512<byte> _quantityPoints;
    private readonly Vector512<byte> _quantityBefore;
    private readonly Vector512<byte> _quantityLast;
    private readonly Vector512<double> _divisors;

    /// <summary>Prepares for levels whose prices and quantities have these many decimals, 0…14.</summary>
    public LevelLanes(int priceDecimals, int quantityDecimals)
    {
        (_pricePoints, _priceBefore, _priceLast) = Places(priceDecimals);
        (_quantityPoints, _quantityBefore, _quantityLast) = Places(quantityDecimals);
        double price = DigitKernel.Power(priceDecimals);
        double quantity = DigitKernel.Power(quantityDecimals);
        _divisors = Vector512.Create(
            Vector256.Create(price, quantity, price, quantity), Vector256.Create(price, quantity, price, quantity));
    }

    /// <summary>
    /// Reads the four levels whose sixteen quotes lie at <paramref name="places"/>. False when they are not four
    /// regular levels; what was written then does not count. Needs 16 readable bytes before the first and 4 behind the
    /// last quote.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Read(ref byte f, ref ushort places, ref PriceLevel levels)
    {
        nint e0 = Unsafe.Add(ref places, 1), e1 = Unsafe.Add(ref places, 3), e2 = Unsafe.Add(ref places, 5),
            e3 = Unsafe.Add(ref places, 7);
        nint e4 = Unsafe.Add(ref places, 9), e5 = Unsafe.Add(ref places, 11), e6 = Unsafe.Add(ref places, 13),
            e7 = Unsafe.Add(ref places, 15);

        // "," within the levels and "],[ between them: then every quote is where a level has one.
        uint within = (Text.Load32(ref f, e0) ^ QuoteCommaQuote) | (Text.Load32(ref f, e2) ^ QuoteCommaQuote)
            | (Text.Load32(ref f, e4) ^ QuoteCommaQuote) | (Text.Load32(ref f, e6) ^ QuoteCommaQuote);
        uint between = (Text.Load32(ref f, e1) ^ QuoteBracketCommaBracket)
            | (Text.Load32(ref f, e3) ^ QuoteBracketCommaBracket)
            | (Text.Load32(ref f, e5) ^ QuoteBracketCommaBracket);
        uint steps =
            (uint)((Unsafe.Add(ref places, 4) - e1 - 4) | (Unsafe.Add(ref places, 8) - e3 - 4)
                | (Unsafe.Add(ref places, 12) - e5 - 4));
        if (((within & 0xFFFFFF) | between | steps) != 0)
        {
            return false;
        }

        // Lengths: each pair of places is one 32-bit lane, its end in the upper half.
        Vector256<uint> pairs = Vector256.LoadUnsafe(ref places).AsUInt32();
        Vector256<uint> lengths = Vector256.ShiftRightLogical(pairs, 16) - (pairs & Vector256.Create(0xFFFFu));
        Vector512<byte> wide = lengths.AsByte().ToVector512Unsafe();
        bool isShort = Vector256.LessThanOrEqualAll(lengths, Vector256.Create(16u));
        Vector512<byte> prices = Lane(ref f, e0, e2, e4, e6) - Vector512.Create((byte)'0');
        Vector512<byte> quantities = Lane(ref f, e1, e3, e5, e7) - Vector512.Create((byte)'0');

        // A byte counts when it lies within the number: place + length > 15, as a length here includes the quote.
        Vector512<byte> priceBytes = Vector512.GreaterThan(
            Places0To15 + Avx512Vbmi.PermuteVar64x8(wide, PriceLengths), Vector512.Create((byte)16));
        Vector512<byte> quantityBytes = Vector512.GreaterThan(
            Places0To15 + Avx512Vbmi.PermuteVar64x8(wide, QuantityLengths), Vector512.Create((byte)16));
        prices &= priceBytes;
        quantities &= quantityBytes;

        // Whatever is no digit must be the point, and the point must be where it is expected, behind a digit.
        Vector512<byte> point = Vector512.Create(unchecked((byte)('.' - '0')));
        Vector512<byte> faults = (Vector512.GreaterThan(prices, Vector512.Create((byte)9)) ^ _pricePoints)
            | (Vector512.GreaterThan(quantities, Vector512.Create((byte)9)) ^ _quantityPoints)
            | ((prices ^ point) & _pricePoints)
            | ((quantities ^ point) & _quantityPoints)
            | Vector512.AndNot(_priceLast, priceBytes)
            | Vector512.AndNot(_quantityLast, quantityBytes);
        if (!isShort || faults != Vector512<byte>.Zero)
        {
            return false;
        }

        // Digits before the point move over it.
        prices = Vector512.ConditionalSelect(_priceBefore, Avx512BW.ShiftLeftLogical128BitLane(prices, 1), prices);
        quantities = Vector512.ConditionalSelect(
            _quantityBefore, Avx512BW.ShiftLeftLogical128BitLane(quantities, 1), quantities);
        Vector512<int> priceFours = Fours(prices);
        Vector512<int> quantityFours = Fours(quantities);
        Vector512<ulong> eights = Avx512BW.MultiplyAddAdjacent(
            Avx512BW.PackUnsignedSaturate(priceFours, quantityFours).AsInt16(), Vector512.Create(0x00012710).AsInt16())
                .AsUInt64();
        Vector512<ulong> mantissas = Avx512F.Multiply(eights.AsUInt32(), Vector512.Create(100_000_000u))
            + Vector512.ShiftRightLogical(eights, 32);
        Vector512<double> values = Avx512DQ.ConvertToVector512Double(mantissas) / _divisors;
        values.StoreUnsafe(ref Unsafe.As<PriceLevel, double>(ref levels));
        return true;
    }

    private static Vector512<byte> Places0To15 { get; } =
        Vector512.BitwiseAnd(Vector512.CreateSequence<byte>(0, 1), Vector512.Create((byte)15));

    // The lengths of prices are lanes 0, 2, 4, 6 of the pairs, those of quantities the odd ones.
    private static Vector512<byte> PriceLengths { get; } = Vector512.Create(
        Vector256.Create(Vector128.Create((byte)0), Vector128.Create((byte)8)),
        Vector256.Create(Vector128.Create((byte)16), Vector128.Create((byte)24)));

    private static Vector512<byte> QuantityLengths { get; } = Vector512.Create(
        Vector256.Create(Vector128.Create((byte)4), Vector128.Create((byte)12)),
        Vector256.Create(Vector128.Create((byte)20), Vector128.Create((byte)28)));

    // Put together by inserts: Vector512.Create of two halves goes through memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Lane(ref byte f, nint e0, nint e1, nint e2, nint e3)
    {
        Vector512<byte> lanes = Vector128.LoadUnsafe(ref Unsafe.Add(ref f, e0 - 16)).ToVector256Unsafe()
            .ToVector512Unsafe();
        lanes = Avx512F.InsertVector128(lanes, Vector128.LoadUnsafe(ref Unsafe.Add(ref f, e1 - 16)), 1);
        lanes = Avx512F.InsertVector128(lanes, Vector128.LoadUnsafe(ref Unsafe.Add(ref f, e2 - 16)), 2);
        return Avx512F.InsertVector128(lanes, Vector128.LoadUnsafe(ref Unsafe.Add(ref f, e3 - 16)), 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Fours(Vector512<byte> digits) => Avx512BW.MultiplyAddAdjacent(
        Avx512BW.MultiplyAddAdjacent(digits, Vector512.Create((short)0x010A).AsSByte()),
        Vector512.Create(0x00010064).AsInt16());

    /// <summary>
    /// In each lane: the point; all up to the point; the last digit before the point, which must be there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<byte> Point, Vector512<byte> Before, Vector512<byte> Last) Places(int decimals)
    {
        Vector512<sbyte> place = Vector512.Create((sbyte)(decimals == 0 ? -1 : 15 - decimals));
        Vector512<sbyte> last = Vector512.Create((sbyte)(decimals == 0 ? 15 : 14 - decimals));
        Vector512<sbyte> iota = Places0To15.AsSByte();
        return (
            Vector512.Equals(iota, place).AsByte(),
            Vector512.LessThanOrEqual(iota, place).AsByte(),
            Vector512.Equals(iota, last).AsByte());
    }
}
