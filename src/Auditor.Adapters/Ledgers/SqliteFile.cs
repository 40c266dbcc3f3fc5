using System.Text.Json;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;

namespace Auditor.Adapters.Ledgers;

/// <summary>One open ledger file: one connection, used by one transaction at a time. Says in one sentence what is wrong with the file.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _one = new(1, 1);

    private SqliteFile(string path, SqliteConnection connection) => (_path, _connection) = (path, connection);

    /// <summary>Opens the file; creates it, and its folder, when it is not there.</summary>
    public static SqliteFile Open(string path)
    {
        var full = Path.GetFullPath(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = full, Pooling = false, DefaultTimeout = 30 }.ConnectionString);
        var file = new SqliteFile(path, connection);
        try
        {
            file.Guard(() =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
                connection.Open();
                using var session = new SqliteSession(connection, null);
                session.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
                return 0;
            });
            file.Transact(
                session =>
                {
                    SqliteSchema.Apply(session, path);
                    return 0;
                },
                isReadOnly: false);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The schema version of a file; null when it is no database.</summary>
    public static int? VersionOf(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ConnectionString);
            connection.Open();
            using var session = new SqliteSession(connection, null);
            return SqliteSchema.VersionOf(session);
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    /// <summary>Runs statements as one transaction: all of them count, or none. It is on disk when this returns.</summary>
    public Task<T> TransactAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) => RunAsync(() => Transact(work, isReadOnly: false), cancellationToken);

    /// <summary>
    /// As <see cref="TransactAsync"/>, but not on disk yet when this returns: for what need not outlive the machine. A process that is killed loses nothing.
    /// </summary>
    public Task<T> TransactLooselyAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) => RunAsync(() => Guard(() =>
    {
        using var settings = new SqliteSession(_connection, null);
        settings.Execute("PRAGMA synchronous = NORMAL");
        try
        {
            return Transact(work, isReadOnly: false);
        }
        finally
        {
            settings.Execute("PRAGMA synchronous = FULL");
        }
    }), cancellationToken);

    /// <summary>Runs queries that all see the file at one moment, and keep no writer waiting.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellationToken) => RunAsync(() => Transact(work, isReadOnly: true), cancellationToken);

    public void Dispose()
    {
        _connection.Dispose();
        _one.Dispose();
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return work();
        }
        finally
        {
            _one.Release();
        }
    }

    private T Transact<T>(Func<SqliteSession, T> work, bool isReadOnly) => Guard(() =>
    {
        // Not deferred is BEGIN IMMEDIATE: what is read here is still true when it is written.
        using var transaction = _connection.BeginTransaction(deferred: isReadOnly);
        using var session = new SqliteSession(_connection, transaction);
        var result = work(session);
        transaction.Commit();
        return result;
    });

    // Source: https://www.sqlite.org/rescode.html
    private T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            throw new LedgerConflictException($"The ledger {_path} is held by another process; it may be free the next time.", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26)
        {
            throw new LedgerDamagedException($"The ledger {_path} is damaged ({Reason(e)}); restore it from a copy, or move it away to start a new one.", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 3 or 8 or 10 or 13 or 14 or 23)
        {
            throw new LedgerDamagedException($"The ledger {_path} cannot be read or written ({Reason(e)}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerDamagedException($"The ledger {_path} cannot be opened ({e.Message.TrimEnd('.')}).", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidCastException or NotSupportedException)
        {
            throw new LedgerDamagedException($"The ledger {_path} is damaged (a record in it is not understood: {e.Message.TrimEnd('.')}); restore it from a copy, or move it away to start a new one.", e);
        }
    }

    // "SQLite Error 26: 'file is not a database'." -> "file is not a database"
    private static string Reason(SqliteException e)
    {
        var parts = e.Message.Split('\'');
        return parts.Length == 3 ? parts[1] : e.Message.TrimEnd('.');
    }
}
