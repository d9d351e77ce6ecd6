using System.Text;
using Feeds.Binance.Wire;
using Feeds.Core.Numerics;
using Xunit;

namespace Feeds.Tests.Binance.Wire;

public sealed class DigitKernelTests
{
    [Fact]
    public void Vectors_and_bytes_and_the_strict_number_agree_on_every_run()
    {
        Random random = new(4);
        int read = 0;
        for (int round = 0; round < 200_000; round++)
        {
            int before = random.Next(20);
            int after = random.Next(20);
            byte[] run = Run(random);
            byte[] text = [.. Enumerable.Repeat((byte)'7', before), .. run,
                .. Enumerable.Repeat((byte)random.Next(256), after)];
            if (after > 0 && text[before + run.Length] is (>= (byte)'0' and <= (byte)'9') or (byte)'.')
            {
                text[before + run.Length] = (byte)'"';
            }

            int scalar = DigitKernel.ReadScalar(ref text[0], before, text.Length, out long mantissa, out int decimals);
            if (text.Length >= 16 && DigitKernel.IsVectorized)
            {
                int vector = DigitKernel.Read(ref text[0], before, text.Length, out long other, out int otherDecimals);
                Assert.True(
                    (scalar, mantissa) == (vector, other) && (scalar == 0 || decimals == otherDecimals),
                    $"{Encoding.Latin1.GetString(text)} at {before}: {scalar} {mantissa} {decimals}, {vector} "
                    + $"{other} {otherDecimals}");
            }

            bool isNumber = StrictNumber.TryParseDouble(run, out double value) && run.Length <= DigitKernel.MaxLength
                && run[0] != (byte)'-';
            Assert.Equal(isNumber ? run.Length : 0, scalar);
            if (isNumber)
            {
                read++;
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(value),
                    BitConverter.DoubleToInt64Bits(mantissa / DigitKernel.Power(decimals)));
            }
        }

        Assert.InRange(read, 50_000, 199_999);
    }

    private static byte[] Run(Random random)
    {
        byte[] run = new byte[random.Next(1, 19)];
        for (int i = 0; i < run.Length; i++)
        {
            run[i] = (byte)('0' + random.Next(10));
        }

        for (int points = random.Next(8) switch { < 4 => 1, < 7 => 0, _ => 2 }; points > 0; points--)
        {
            run[random.Next(run.Length)] = (byte)'.';
        }

        return run;
    }
}
