using System.Globalization;
using Auditor.Adapters.Ledgers;
using Auditor.Ledger;
using Microsoft.Data.Sqlite;

namespace Auditor.EndToEnd.Faults;

/// <summary>The ledger of a function that is killed, and ways to hold the function while it writes there, of which it knows nothing.</summary>
internal abstract class LedgerHold : IAsyncDisposable
{
    /// <summary>What the function is given as its ledger.</summary>
    public abstract string Address { get; }

    /// <summary>HOST:PORT that the function takes for the Firestore emulator; null without one.</summary>
    public virtual string? EmulatorHost => null;

    /// <summary>Opens it beside the function, which does not notice.</summary>
    public ILedger Open() => LedgerAddress.Open(Address, TimeProvider.System);

    /// <summary>Holds the function at its next append.</summary>
    /// <returns>Completes when that is so; what it gives, when the function is there.</returns>
    public abstract Task<Task> AtAppendAsync(CancellationToken cancellationToken);

    /// <summary>Holds the function in the midst of its next snapshot.</summary>
    /// <returns>As of <see cref="AtAppendAsync"/>.</returns>
    public abstract Task<Task> InSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>Lets everything go on.</summary>
    public abstract Task LetGoAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>A file: another process has locked it, or a trigger takes for ever.</summary>
    public sealed class OfFile(string path) : LedgerHold
    {
        private SqliteConnection? _connection;
        private SqliteTransaction? _lock;
        private bool _hasTrigger;

        public override string Address => path;

        public override async Task<Task> AtAppendAsync(CancellationToken cancellationToken)
        {
            _connection = await ConnectAsync(cancellationToken);
            _lock = _connection.BeginTransaction(deferred: false);

            // What was read is judged; the append waits for the lock.
            return Task.Delay(500, cancellationToken);
        }

        public override async Task<Task> InSnapshotAsync(CancellationToken cancellationToken)
        {
            var tables = string.Join(", ", Enumerable.Range(0, 9).Select(i => string.Create(CultureInfo.InvariantCulture, $"sqlite_schema s{i}")));
            await using (var connection = await ConnectAsync(cancellationToken))
            {
                await ExecuteAsync(connection, $"CREATE TRIGGER slow AFTER INSERT ON snapshot_chunks BEGIN SELECT count(*) FROM {tables}; END", cancellationToken);
            }

            _hasTrigger = true;
            return UntilBusyAsync(cancellationToken);
        }

        // Whoever holds the file for so long is in there.
        private async Task UntilBusyAsync(CancellationToken cancellationToken)
        {
            await using var connection = await ConnectAsync(cancellationToken);
            for (var held = 0; held < 2; await Task.Delay(50, cancellationToken))
            {
                try
                {
                    await using var free = connection.BeginTransaction(deferred: false);
                    held = 0;
                }
                catch (SqliteException e) when (e.SqliteErrorCode == 5)
                {
                    held++;
                }
            }
        }

        public override async ValueTask DisposeAsync() => await LetGoAsync();

        public override async Task LetGoAsync()
        {
            if (_connection is not null)
            {
                await _lock!.DisposeAsync();
                await _connection.DisposeAsync();
                (_connection, _lock) = (null, null);
            }

            if (_hasTrigger)
            {
                await using var connection = await ConnectAsync(TestContext.Current.CancellationToken);
                await ExecuteAsync(connection, "DROP TRIGGER slow", TestContext.Current.CancellationToken);
                _hasTrigger = false;
            }
        }

        private async Task<SqliteConnection> ConnectAsync(CancellationToken cancellationToken)
        {
            var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=2");
            await connection.OpenAsync(cancellationToken);
            return connection;
        }

        private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancellationToken)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>A ledger on the emulator: the wire there is held.</summary>
    public sealed class OfEmulator(string host, string address) : LedgerHold
    {
        private readonly HeldWire _wire = new(host);

        public override string Address => address;

        public override string? EmulatorHost => _wire.Host;

        public override Task<Task> AtAppendAsync(CancellationToken cancellationToken) => Task.FromResult(_wire.HoldAt("/commits/", isPassedOn: false).WaitAsync(cancellationToken));

        public override Task<Task> InSnapshotAsync(CancellationToken cancellationToken) => Task.FromResult(_wire.HoldAt("/snapshots/", isPassedOn: true).WaitAsync(cancellationToken));

        public override Task LetGoAsync()
        {
            _wire.LetGo();
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => _wire.DisposeAsync();
    }
}
