using System.Globalization;
using System.Text;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Xunit;

namespace Feeds.Tests.Binance.Wire;

/// <summary>
/// Golden frames, damaged at random: nothing escapes the decoder, and whatever the scanner accepts means the same to
/// the general decoder. 20 000 frames, a million with FEEDS_LONG=1.
/// </summary>
public sealed class HostileFramesTests
{
    private static readonly string[] Fragments =
    [
        "\"", "\\", "\\u0022", "{", "}", "[", "]", ",", ":", ".", "-", "0", "00", "9999999999999999", "1e5", "null",
        "true", "false",
        "\"st\":2,", "\"st\":1", "\"b\":[]", "\"e\":\"kline\"", "\"T\":0,", "\"p\":\"1\",", " ", "\t", "\n", "\0", "币",
        "NaN", "\"],[\"", "\"]]", "],[",
        "\"x\":true", "@", "@depth20@100ms", "!",
    ];

    [Fact]
    public void Damaged_frames_never_throw_and_both_decoders_agree()
    {
        bool isLong = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1";
        int rounds = isLong ? 1_000_000 : 20_000;
        int seed = isLong ? Environment.TickCount : 20_261_121;
        Random random = new(seed);
        byte[][] golden = [.. GoldenFrames.All()];
        SymbolTable symbols = SymbolTable.Of(GoldenFrames.Symbols.Select(Symbol.Parse));
        MessageDecoder decoder = new(symbols, new BookLevelsPool(20));
        int accepted = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] frame = Damage(golden[random.Next(golden.Length)], golden, random);
            string? scanned = null;
            if (decoder.TryScan(frame, 1, out DecodedMessage fast))
            {
                scanned = Described.Of(fast);
                decoder.Return(fast);
                accepted++;
            }

            decoder.DecodeGenerally(frame, 1, out DecodedMessage general);
            string expected = Described.Of(general);
            decoder.Return(general);
            if (scanned is not null && scanned != expected)
            {
                Assert.Fail(string.Create(
                    CultureInfo.InvariantCulture,
                    $"seed {seed}, round {round}:\n{Encoding.UTF8.GetString(frame)}\nscanned {scanned}\ngeneral "
                    + $"{expected}"));
            }

            decoder.Decode(frame, 1, out DecodedMessage message);
            Assert.Equal(expected, Described.Of(message));
            decoder.Return(message);
        }

        // Otherwise the comparison above would show nothing.
        Assert.InRange(accepted, rounds / 20, rounds * 19 / 20);
    }

    private static byte[] Damage(byte[] frame, byte[][] golden, Random random)
    {
        List<byte> bytes = [.. frame];
        int times = random.Next(4) == 0 ? 0 : random.Next(1, 4);
        for (int i = 0; i < times; i++)
        {
            int at = random.Next(bytes.Count + 1);
            int length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    byte[] other = golden[random.Next(golden.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 30)]);
                    break;
                case 6:
                    DamageDigit(bytes, random);
                    break;
                case 7:
                    MoveField(bytes, random);
                    break;
                default:
                    DamageDigit(bytes, random);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void DamageDigit(List<byte> bytes, Random random)
    {
        int[] digits = [.. Enumerable.Range(0, bytes.Count).Where(
            i => bytes[i] is >= (byte)'0' and <= (byte)'9' or (byte)'.')];
        if (digits.Length > 0)
        {
            int at = digits[random.Next(digits.Length)];
            if (random.Next(2) == 0)
            {
                bytes[at] = (byte)"0123456789.-,eE"[random.Next(15)];
            }
            else
            {
                bytes.InsertRange(
                    at, Encoding.ASCII.GetBytes(new string((char)('0' + random.Next(10)), random.Next(1, 12))));
            }
        }
    }

    // Fields in another order are what the scanner must take as well.
    private static void MoveField(List<byte> bytes, Random random)
    {
        string text = Encoding.Latin1.GetString([.. bytes]);
        string[] fields = text.Split(',');
        if (fields.Length > 4)
        {
            int a = random.Next(2, fields.Length);
            int b = random.Next(2, fields.Length);
            (fields[a], fields[b]) = (fields[b], fields[a]);
            bytes.Clear();
            bytes.AddRange(Encoding.Latin1.GetBytes(string.Join(',', fields)));
        }
    }
}
