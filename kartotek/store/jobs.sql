-- steps_done: which of procrastinate's migrations its tables hold; no rows when there are no tables yet
SELECT name FROM queue.kartotek_steps;

-- note_steps: that these need not run again
INSERT INTO queue.kartotek_steps (name) SELECT unnest(%(names)s::text[]);

-- defer: one job, by procrastinate's own function, unless one with the same lock is waiting or at work already
SELECT queue.procrastinate_defer_jobs_v1(ARRAY[
           ROW(%(queue)s, %(task)s, 0, %(lock)s, %(lock)s, %(args)s, NULL)::queue.procrastinate_job_to_defer_v1
       ]) AS ids
 WHERE NOT EXISTS (
           SELECT FROM queue.procrastinate_jobs WHERE lock = %(lock)s AND status IN ('todo', 'doing'));

-- defer_next: the same, also where one with the same lock is at work: it may be about to end
SELECT queue.procrastinate_defer_jobs_v1(ARRAY[
           ROW(%(queue)s, %(task)s, 0, %(lock)s, %(lock)s, %(args)s, NULL)::queue.procrastinate_job_to_defer_v1
       ]) AS ids
 WHERE NOT EXISTS (SELECT FROM queue.procrastinate_jobs WHERE lock = %(lock)s AND status = 'todo');

-- waiting_or_doing: whether a job with this lock is on its way
SELECT id, status::text AS status FROM queue.procrastinate_jobs
 WHERE lock = %(lock)s AND status IN ('todo', 'doing')
 ORDER BY id;

-- take_up_stalled: jobs whose worker has not been heard of go back in the line, and the worker is forgotten.
-- One statement, so that a job which somebody has taken up in the meantime is left alone. Where the same job waits behind
-- it already, that one does its work: two with one lock cannot wait. A heartbeat that is yet to come is from before the
-- clock was put back: whoever lives corrects it within a moment.
WITH gone AS (
    DELETE FROM queue.procrastinate_workers
     WHERE last_heartbeat NOT BETWEEN now() - make_interval(secs => %(seconds)s) AND now() + make_interval(secs => %(seconds)s)
    RETURNING id
)
UPDATE queue.procrastinate_jobs AS j
   SET status = CASE WHEN EXISTS (SELECT FROM queue.procrastinate_jobs AS t
                                   WHERE t.status = 'todo' AND t.queueing_lock = j.queueing_lock)
                     THEN 'cancelled' ELSE 'todo' END::queue.procrastinate_job_status,
       attempts = attempts + 1, worker_id = NULL
 WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id FROM gone));

-- bring_forward: jobs that were to be tried again in a moment, and then the clock was put back
UPDATE queue.procrastinate_jobs SET scheduled_at = now()
 WHERE status = 'todo' AND scheduled_at > now() + make_interval(secs => %(seconds)s);

-- live_workers: those heard of lately
SELECT count(*) AS workers FROM queue.procrastinate_workers
 WHERE last_heartbeat BETWEEN now() - make_interval(secs => %(seconds)s) AND now() + make_interval(secs => %(seconds)s);

-- register: a holder of one job, who is a worker in all but name
SELECT worker_id FROM queue.procrastinate_register_worker_v1();

-- hold: take this one job out of the line, if no worker has it
UPDATE queue.procrastinate_jobs
   SET status = 'doing', worker_id = %(worker)s
 WHERE id = (SELECT id FROM queue.procrastinate_jobs
              WHERE lock = %(lock)s AND status = 'todo'
                AND NOT EXISTS (SELECT FROM queue.procrastinate_jobs WHERE lock = %(lock)s AND status = 'doing')
              ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id;

-- heartbeat: the holder is still there
SELECT queue.procrastinate_update_heartbeat_v1(%(worker)s);

-- finish: the held job is done
DELETE FROM queue.procrastinate_jobs WHERE id = %(job)s AND worker_id = %(worker)s AND status = 'doing';

-- put_back: the held job goes back in the line
UPDATE queue.procrastinate_jobs
   SET status = 'todo', worker_id = NULL
 WHERE id = %(job)s AND worker_id = %(worker)s AND status = 'doing';

-- unregister: the holder leaves
SELECT queue.procrastinate_unregister_worker_v1(%(worker)s);

-- waiting: how many jobs nobody has taken up
SELECT count(*) AS jobs FROM queue.procrastinate_jobs WHERE status = 'todo';

-- failed: how many jobs ended in an error that nobody expected
SELECT count(*) AS jobs FROM queue.procrastinate_jobs WHERE status = 'failed';
