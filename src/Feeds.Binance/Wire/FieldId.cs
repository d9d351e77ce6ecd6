namespace Feeds.Binance.Wire;

/// <summary>
/// Numbers for the field names that messages use: a letter's own number, then the longer names. As bits of a mask they
/// say which fields were seen, in the scanner and in the general decoder alike.
/// </summary>
internal static class FieldId
{
    public const int Ps = 52;
    public const int Pu = 53;
    public const int Nq = 54;
    public const int Ap = 55;
    public const int St = 56;
    public const int Stream = 57;
    public const int Data = 58;
    public const int Result = 59;
    public const int Id = 60;
    public const int Error = 61;
    public const int Code = 62;
    public const int Msg = 63;
    public const int Ct = 64;
    public const int Dt = 65;
    public const int Ot = 66;
    public const int Cs = 67;
    public const int Bks = 68;
    public const int Count = 69;

    private static readonly string[] LongNames =
    [
        "ps", "pu", "nq", "ap", "st", "stream", "data", "result", "id", "error", "code", "msg", "ct", "dt", "ot", "cs",
        "bks",
    ];

    /// <summary>Returns the number of a one-letter name.</summary>
    public static int Of(char letter) => letter >= 'a' ? 26 + letter - 'a' : letter - 'A';

    /// <summary>Returns the number of a name, −1 when it is not one that messages use.</summary>
    public static int Of(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1)
        {
            return char.IsAsciiLetter((char)name[0]) ? Of((char)name[0]) : -1;
        }

        return name.Length == 0
            ? -1
            : name switch
            {
                _ when name.SequenceEqual("ps"u8) => Ps,
                _ when name.SequenceEqual("pu"u8) => Pu,
                _ when name.SequenceEqual("nq"u8) => Nq,
                _ when name.SequenceEqual("ap"u8) => Ap,
                _ when name.SequenceEqual("st"u8) => St,
                _ when name.SequenceEqual("stream"u8) => Stream,
                _ when name.SequenceEqual("data"u8) => Data,
                _ when name.SequenceEqual("result"u8) => Result,
                _ when name.SequenceEqual("id"u8) => Id,
                _ when name.SequenceEqual("error"u8) => Error,
                _ when name.SequenceEqual("code"u8) => Code,
                _ when name.SequenceEqual("msg"u8) => Msg,
                _ when name.SequenceEqual("ct"u8) => Ct,
                _ when name.SequenceEqual("dt"u8) => Dt,
                _ when name.SequenceEqual("ot"u8) => Ot,
                _ when name.SequenceEqual("cs"u8) => Cs,
                _ when name.SequenceEqual("bks"u8) => Bks,
                _ => -1,
            };
    }

    /// <summary>Returns the name of a number.</summary>
    public static string Name(int id) =>
        id >= Ps ? LongNames[id - Ps] : ((char)(id >= 26 ? 'a' + id - 26 : 'A' + id)).ToString();

    /// <summary>Returns the mask of some names, separated by blanks.</summary>
    public static UInt128 Mask(string names)
    {
        UInt128 mask = 0;
        foreach (string name in names.Split(' '))
        {
            mask |= UInt128.One << Of(System.Text.Encoding.ASCII.GetBytes(name));
        }

        return mask;
    }
}
