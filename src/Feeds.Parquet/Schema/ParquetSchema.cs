using System.Collections;

namespace Feeds.Parquet.Schema;

/// <summary>The columns of a flat table, in order, with unique names.</summary>
public sealed class ParquetSchema : IReadOnlyList<ParquetColumn>
{
    private readonly ParquetColumn[] _columns;
    private readonly Dictionary<string, int> _byName;

    /// <summary>A schema of the given columns; at least one, names unique (ordinal).</summary>
    /// <exception cref="ArgumentException">No column, a name twice, or a column that contradicts itself.</exception>
    public ParquetSchema(params IEnumerable<ParquetColumn> columns)
        : this([.. columns], true)
    {
    }

    internal ParquetSchema(ParquetColumn[] columns, bool validate)
    {
        _columns = columns;
        if (validate && _columns.Length == 0) throw new ArgumentException("A schema needs at least one column.");
        _byName = new Dictionary<string, int>(_columns.Length, StringComparer.Ordinal);
        for (var i = 0; i < _columns.Length; i++)
        {
            if (validate) _columns[i].Validate();
            if (!_byName.TryAdd(_columns[i].Name, i) && validate)
                throw new ArgumentException($"Column '{_columns[i].Name}' is there twice.");
        }
    }

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>The column at a position, from 0.</summary>
    public ParquetColumn this[int index] => _columns[index];

    /// <summary>The position of the column with that name, −1 when there is none.</summary>
    public int IndexOf(string name) => _byName.GetValueOrDefault(name, -1);

    /// <summary>The position of the column with that name.</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public int Require(string name)
    {
        var index = IndexOf(name);
        return index >= 0 ? index : throw new ArgumentException($"There is no column '{name}'.", nameof(name));
    }

    /// <inheritdoc/>
    public IEnumerator<ParquetColumn> GetEnumerator() => ((IEnumerable<ParquetColumn>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
