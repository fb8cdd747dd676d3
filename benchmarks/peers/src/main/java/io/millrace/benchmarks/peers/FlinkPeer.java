package io.millrace.benchmarks.peers;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/** Flink SQL in batch mode on a cluster inside this process, two tasks wide, into its JDBC sink by upserts. */
final class FlinkPeer {

    private FlinkPeer() {}

    public static void main(String[] arguments) throws SQLException, InterruptedException, ExecutionException {
        Task task = Task.of(arguments);
        createTable(task.databaseUrl());
        TableEnvironment flink = TableEnvironment.create(EnvironmentSettings.newInstance()
                .inBatchMode()
                .withConfiguration(configuration())
                .build());
        flink.executeSql(source(task.file()));
        flink.executeSql(sink(task.databaseUrl()));
        flink.executeSql("""
                INSERT INTO users_revenue
                SELECT userId,
                       SUM(CASE `name` WHEN 'add_revenue' THEN `value` ELSE -`value` END),
                       COUNT(*)
                FROM input
                GROUP BY userId
                """).await();
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "2");
        configuration.setString("taskmanager.numberOfTaskSlots", "2");
        configuration.setString("taskmanager.memory.managed.size", "256m");
        configuration.setString("taskmanager.memory.network.min", "64m");
        configuration.setString("taskmanager.memory.network.max", "64m");
        return configuration;
    }

    private static void createTable(String url) throws SQLException {
        try (Connection postgres = DriverManager.getConnection(url);
                Statement statement = postgres.createStatement()) {
            statement.execute(Task.CREATE_TABLE);
            statement.execute(Task.ADD_KEY);
        }
    }

    private static String source(Path file) {
        return """
                CREATE TABLE input (userId STRING, `name` STRING, `value` BIGINT)
                WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'json')
                """.formatted(file.toUri());
    }

    /** With inserts of many rows each, as the driver makes them of a batch when it is asked to. */
    private static String sink(String url) {
        return """
                CREATE TABLE users_revenue (
                  user_id STRING, revenue BIGINT, events BIGINT, PRIMARY KEY (user_id) NOT ENFORCED)
                WITH ('connector' = 'jdbc', 'url' = '%s&reWriteBatchedInserts=true', 'table-name' = 'users_revenue',
                      'sink.buffer-flush.max-rows' = '5000')
                """.formatted(url);
    }
}
