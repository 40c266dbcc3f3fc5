using System.Text.Json;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;

namespace Auditor.Adapters.Ledgers;

/// <summary>Statements within one transaction. Values are always parameters: they are bound in the order in which the statement numbers them, ?1, ?2, ...</summary>
internal sealed class SqliteSession(SqliteConnection connection, SqliteTransaction? transaction) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Runs a statement; gives the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; 0 when there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteScalar() is long number ? number : 0;

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }
    }

    /// <summary>A record as it is stored.</summary>
    public static byte[] ToBody<T>(T record) => JsonSerializer.SerializeToUtf8Bytes(record, LedgerJson.Options);

    /// <summary>A stored record.</summary>
    public static T FromBody<T>(SqliteDataReader row, int column) => JsonSerializer.Deserialize<T>(row.GetFieldValue<byte[]>(column), LedgerJson.Options)!;

    /// <summary>A text; null when there is none.</summary>
    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>An instant; null when there is none.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DateTimeOffset? Instant(SqliteDataReader row, int column) =>
        Text(row, column) is { } text ? Timestamps.TryParse(text) ?? throw new FormatException($"'{text}' is no instant") : null;

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            _commands[sql] = command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] switch
            {
                null => DBNull.Value,
                DateTimeOffset instant => Timestamps.Format(instant),
                var value => value,
            };
        }

        return command;
    }
}
