namespace Feeds.Parquet.Compression;

/// <summary>A canonical prefix code of limited length, built from how often each symbol occurs.</summary>
internal sealed class HuffmanCode(int symbolCount, int maxLength)
{
    private readonly int[] _order = new int[symbolCount];
    private readonly long[] _keys = new long[symbolCount];
    private readonly int[] _weights = new int[symbolCount];

    /// <summary>Bits per symbol; 0 for symbols that do not occur.</summary>
    public byte[] Lengths { get; } = new byte[symbolCount];

    /// <summary>The code words, first bit lowest, as DEFLATE stores them.</summary>
    public ushort[] Words { get; } = new ushort[symbolCount];

    /// <summary>Builds the code; symbols with frequency 0 get none.</summary>
    public void Build(ReadOnlySpan<int> frequencies)
    {
        Array.Clear(Lengths);
        var used = 0;
        for (var i = 0; i < symbolCount; i++)
        {
            if (frequencies[i] > 0) _keys[used++] = ((long)frequencies[i] << 16) | (uint)i;
        }

        if (used == 0) return;
        if (used == 1)
        {
            Lengths[(int)(_keys[0] & 0xFFFF)] = 1;
            Assign();
            return;
        }

        Array.Sort(_keys, 0, used);
        for (var i = 0; i < used; i++)
        {
            _order[i] = (int)(_keys[i] & 0xFFFF);
            _weights[i] = (int)(_keys[i] >> 16);
        }

        MinimumRedundancy(_weights.AsSpan(0, used));
        Limit(used);
        Assign();
    }

    /// <summary>Bits that symbols of these frequencies take with this code.</summary>
    public long Cost(ReadOnlySpan<int> frequencies)
    {
        long bits = 0;
        for (var i = 0; i < symbolCount; i++) bits += (long)frequencies[i] * Lengths[i];
        return bits;
    }

    // Moffat and Katajainen, "In-place calculation of minimum-redundancy codes" (1995): ascending weights become
    // depths.
    private static void MinimumRedundancy(Span<int> a)
    {
        var n = a.Length;
        a[0] += a[1];
        int root = 0, leaf = 2;
        for (var next = 1; next < n - 1; next++)
        {
            if (leaf >= n || a[root] < a[leaf])
            {
                a[next] = a[root];
                a[root++] = next;
            }
            else
            {
                a[next] = a[leaf++];
            }

            if (leaf >= n || (root < next && a[root] < a[leaf]))
            {
                a[next] += a[root];
                a[root++] = next;
            }
            else
            {
                a[next] += a[leaf++];
            }
        }

        a[n - 2] = 0;
        for (var next = n - 3; next >= 0; next--) a[next] = a[a[next]] + 1;
        int available = 1, used = 0, depth = 0;
        root = n - 2;
        for (var next = n - 1; available > 0;)
        {
            while (root >= 0 && a[root] == depth)
            {
                used++;
                root--;
            }

            while (available > used)
            {
                a[next--] = depth;
                available--;
            }

            available = 2 * used;
            depth++;
            used = 0;
        }
    }

    // Codes that are too long are cut, and shorter ones made longer until all words have room again.
    private void Limit(int used)
    {
        Span<int> counts = stackalloc int[maxLength + 1];
        counts.Clear();
        for (var i = 0; i < used; i++) counts[Math.Min(_weights[i], maxLength)]++;
        long room = 0;
        for (var length = 1; length <= maxLength; length++) room += (long)counts[length] << (maxLength - length);
        for (; room > 1L << maxLength; room--)
        {
            counts[maxLength]--;
            for (var length = maxLength - 1; length > 0; length--)
            {
                if (counts[length] == 0) continue;
                counts[length]--;
                counts[length + 1] += 2;
                break;
            }
        }

        // The rarest symbols stand first and get the longest words.
        var at = 0;
        for (var length = maxLength; length > 0; length--)
        {
            for (var i = 0; i < counts[length]; i++) Lengths[_order[at++]] = (byte)length;
        }
    }

    private void Assign()
    {
        Span<int> next = stackalloc int[maxLength + 2];
        next.Clear();
        foreach (var length in Lengths) next[length + 1]++;
        next[1] = 0;
        for (var length = 1; length <= maxLength; length++) next[length + 1] = (next[length] + next[length + 1]) << 1;
        for (var i = 0; i < symbolCount; i++)
        {
            var length = Lengths[i];
            if (length > 0) Words[i] = Reverse(next[length]++, length);
        }
    }

    private static ushort Reverse(int word, int length)
    {
        var result = 0;
        for (var i = 0; i < length; i++, word >>= 1) result = (result << 1) | (word & 1);
        return (ushort)result;
    }
}
