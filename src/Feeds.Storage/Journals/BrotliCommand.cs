namespace Feeds.Storage.Journals;

/// <summary>What a command of Brotli says: literals come in, then bytes are copied.</summary>
/// <param name="Insert">How many literals, before the extra bits are added.</param>
/// <param name="Copy">How many bytes are copied, before the extra bits are added.</param>
/// <param name="InsertBits">Extra bits of the first.</param>
/// <param name="CopyBits">Extra bits of the second.</param>
internal readonly record struct BrotliCommand(int Insert, int Copy, byte InsertBits, byte CopyBits)
{
    /// <summary>How many commands there are.</summary>
    public const int Count = 704;

    // By cell of 64 commands: the first insert code and the first copy code, in units of eight (RFC 7932, section 5).
    private static readonly (byte Insert, byte Copy)[] Cells =
        [(0, 0), (0, 1), (0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (2, 2)];

    private static readonly byte[] InsertExtra = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 12, 14, 24];
    private static readonly byte[] CopyExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 24];

    /// <summary>All of them, by symbol.</summary>
    public static readonly BrotliCommand[] All = MakeCommands();

    private static BrotliCommand[] MakeCommands()
    {
        int[] inserts = Starts(InsertExtra, 0);
        int[] copies = Starts(CopyExtra, 2);
        BrotliCommand[] commands = new BrotliCommand[Count];
        for (int symbol = 0; symbol < commands.Length; symbol++)
        {
            int insert = (8 * Cells[symbol >> 6].Insert) + ((symbol >> 3) & 7);
            int copy = (8 * Cells[symbol >> 6].Copy) + (symbol & 7);
            commands[symbol] = new BrotliCommand(inserts[insert], copies[copy], InsertExtra[insert], CopyExtra[copy]);
        }

        return commands;
    }

    private static int[] Starts(byte[] bits, int first)
    {
        int[] starts = new int[bits.Length];
        starts[0] = first;
        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] = starts[i - 1] + (1 << bits[i - 1]);
        }

        return starts;
    }
}
